package org.lamina.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Progress;
import org.lamina.templates.patch.ChangeKind;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.patch.PathChange;
import org.lamina.templates.tree.ManifestEntry;
import org.lamina.templates.tree.ManifestFile;

/**
 * Debian 12 as it was released, updated by its real updates. Needs root, mmdebstrap and a network.
 * The tests build on one another, because a template takes a minute.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DebianUpdateIT {
  private static final String NAME = "debian-12-base";
  private static final Path DEFINITIONS =
      Path.of("src/test/resources/definitions").toAbsolutePath();

  @TempDir private static Path temp;
  private static Path dir;
  private static DirectoryTemplateStore store;

  @BeforeAll
  static void build() throws IOException {
    dir = temp.resolve("template");
    store =
        new DirectoryTemplateStore(
            new StoreConfig(dir, DEFINITIONS, Files.createDirectory(temp.resolve("operator"))));
    store.create(NAME, Progress.SILENT);
  }

  @AfterAll
  static void remove() {
    store.newest().forEach(g -> store.remove(g.template()));
  }

  @AfterEach
  void nothingIsLeftOfAnyUpdate() throws IOException {
    BuildRemains.none(dir, temp);
  }

  private static List<String> lines(String... argv) throws Exception {
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", argv) + "\n" + text).isZero();
    return text.lines().toList();
  }

  /** What a shell sees at {@code $1}, where the layers of a generation are mounted together. */
  private static List<String> inView(Generation generation, String script) throws Exception {
    Path at = Files.createTempDirectory(temp, "view-");
    List<Path> layers = generation.layers();
    String mount =
        layers.size() == 1
            ? "mount --bind -o ro " + layers.getFirst() + " $1"
            : "mount -t overlay -o ro,lowerdir="
                + layers.stream().map(Path::toString).collect(Collectors.joining(":"))
                + " overlay $1";
    return lines("unshare", "--mount", "sh", "-euc", mount + "\n" + script, "sh", at.toString());
  }

  private static Map<String, String> versions(Generation generation) throws Exception {
    Map<String, String> out = new TreeMap<>();
    for (String line :
        inView(
            generation, "dpkg-query --admindir=$1/var/lib/dpkg -W -f '${Package} ${Version}\\n'")) {
      out.put(line.split(" ")[0], line.split(" ")[1]);
    }
    return out;
  }

  private static List<ManifestEntry> manifest(Generation generation) throws IOException {
    return ManifestFile.read(generation.directory().resolve("manifest.jsonl.gz"));
  }

  /** Everything below the store with size and time, to see whether anything happened. */
  private static String state() throws Exception {
    return String.join(
            "\n",
            lines("find", dir.toString(), "-not", "-path", "*/.locks/*", "-printf", "%p %s %T@\n"))
        .replaceAll("(?m)^\\S+/(\\.staging|template)\\s.*$", "");
  }

  @Test
  @Order(1)
  void aDryRunTellsAndChangesNothing() throws Exception {
    String before = state();
    long start = System.nanoTime();

    UpdateResult result =
        store.update(NAME, UpdateRequest.everything().asDryRun(), Progress.SILENT);

    System.out.println("dry run: " + seconds(start));
    assertThat(result.outcome()).isEqualTo(UpdateResult.Outcome.DRY_RUN);
    assertThat(result.changes()).isNotEmpty();
    assertThat(result.generation()).isEmpty();
    assertThat(result.downloadBytes()).isZero();
    assertThat(state()).isEqualTo(before);
  }

  private static String seconds(long start) {
    return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - start) / 1e9);
  }

  @Test
  @Order(2)
  void realUpdatesBecomeAGeneration() throws Exception {
    Generation base = store.newest(NAME).orElseThrow();
    UpdateResult planned =
        store.update(NAME, UpdateRequest.everything().asDryRun(), Progress.SILENT);
    List<Integer> percents = new ArrayList<>();
    long start = System.nanoTime();

    UpdateResult result =
        store.update(NAME, UpdateRequest.everything(), (percent, message) -> percents.add(percent));

    System.out.println(
        "update: "
            + seconds(start)
            + ", "
            + result.changes().size()
            + " packages, fetched "
            + result.downloadBytes()
            + ", layer "
            + result.layerBytes());
    assertThat(result.outcome()).isEqualTo(UpdateResult.Outcome.PUBLISHED);
    assertThat(percents).isSorted().last().isEqualTo(100);
    assertThat(result.changes()).containsExactlyElementsOf(planned.changes());
    assertThat(result.changes()).anyMatch(PackageChange::security);
    Generation next = result.generation().orElseThrow();
    assertThat(next.number()).isEqualTo(1);
    assertThat(next.layers())
        .containsExactly(dir.resolve(NAME + "/1/fs"), base.layers().getFirst());
    assertThat(store.generations(NAME)).containsExactly(base, next);
    GenerationDetails details = store.details(NAME, 1).orElseThrow();
    assertThat(details.parent()).isZero();
    assertThat(details.changes()).isEqualTo(result.changes());

    Map<String, String> old = versions(base);
    Map<String, String> now = versions(next);
    assertThat(details.packages()).isEqualTo(now);
    for (PackageChange change : result.changes()) {
      assertThat(old.get(change.name())).isEqualTo(change.from());
      assertThat(now.get(change.name())).isEqualTo(change.to());
      assertThat(change.architecture()).isIn("amd64", "all", "arm64");
    }
    Map<String, String> moved = new TreeMap<>(now);
    moved.entrySet().removeAll(old.entrySet());
    assertThat(moved.keySet())
        .isEqualTo(
            result.changes().stream()
                .filter(c -> c.to() != null)
                .map(PackageChange::name)
                .collect(Collectors.toSet()));
  }

  @Test
  @Order(3)
  void thePackageDatabaseIsWhole() throws Exception {
    Generation next = store.newest(NAME).orElseThrow();
    assertThat(inView(next, "chroot $1 dpkg --audit")).isEmpty();
    assertThat(inView(next, "chroot $1 dpkg --verify libssl3 libc6 perl-base apt || true"))
        .noneMatch(l -> l.contains("missing") || l.matches("..5.*(?<!conffile).*/usr/.*"));
    assertThat(inView(next, "dpkg-query --admindir=$1/var/lib/dpkg -W -f '${db:Status-Abbrev}\\n'"))
        .allMatch(l -> l.equals("ii "));
  }

  @Test
  @Order(3)
  void theLayerHoldsOnlyTheChange() throws Exception {
    Generation next = store.newest(NAME).orElseThrow();
    Path layer = next.layers().getFirst();
    List<String> held;
    try (Stream<Path> walk = Files.walk(layer)) {
      held = walk.map(p -> "/" + layer.relativize(p)).sorted().toList();
    }
    assertThat(held)
        .contains("/var/lib/dpkg/status")
        .noneMatch(
            p -> p.matches("/(run|tmp|dev|proc|sys|var/tmp|var/log|var/lib/apt/lists)(/.*)?"))
        .noneMatch(p -> p.startsWith("/var/cache/apt/"))
        .doesNotContain(
            "/usr/sbin/policy-rc.d",
            "/etc/resolv.conf",
            "/etc/machine-id",
            "/etc/passwd-",
            "/etc/apt/sources.list.d/debian.sources",
            "/var/lib/dpkg/status-old",
            "/var/lib/systemd/random-seed",
            "/var/cache/ldconfig/aux-cache");
    Map<String, ManifestEntry> before = byPath(store.generation(NAME, 0).orElseThrow());
    Map<String, ManifestEntry> after = byPath(next);
    for (String path : held) {
      boolean directory =
          Files.isDirectory(layer.resolve(path.substring(1)), LinkOption.NOFOLLOW_LINKS);
      if (!directory && !path.endsWith(".py")) {
        assertThat(after.get(path)).as(path).isNotEqualTo(before.get(path));
      }
    }
    assertThat(
            lines(
                "getfattr",
                "-R",
                "-h",
                "-d",
                "-m",
                "trusted.overlay",
                "--absolute-names",
                layer.toString()))
        .noneMatch(l -> l.startsWith("trusted.overlay.") && !l.contains("opaque"));
    // On the disk the layer is what changed, far below a whole root.
    assertThat(next.bytes()).isLessThan(store.generation(NAME, 0).orElseThrow().bytes());
  }

  private static Map<String, ManifestEntry> byPath(Generation generation) throws IOException {
    return manifest(generation).stream()
        .collect(Collectors.toMap(ManifestEntry::path, Function.identity()));
  }

  @Test
  @Order(3)
  void theManifestIsTrueForTheMergedView() throws Exception {
    Generation next = store.newest(NAME).orElseThrow();
    assertManifestIsTrue(next);
    assertThat(byPath(next).get("/usr/bin/ping").xattrs()).containsKey("security.capability");
    assertThat(byPath(next).get("/usr/bin/perl").owner()).isEqualTo("perl-base");
  }

  /** Against the tools of the host, which share no code with the manifest. */
  private static void assertManifestIsTrue(Generation next) throws Exception {
    List<ManifestEntry> manifest = manifest(next);
    assertThat(manifest).extracting(ManifestEntry::path).isSorted();
    Map<String, String> told =
        manifest.stream()
            .collect(
                Collectors.toMap(
                    ManifestEntry::path,
                    e ->
                        String.format(
                            Locale.ROOT,
                            "%s %o %d %d",
                            switch (e.type()) {
                              case "symlink" -> "l";
                              case "fifo" -> "p";
                              default -> e.type().substring(0, 1);
                            },
                            Integer.parseInt(e.mode(), 8),
                            e.uid(),
                            e.gid())));
    Map<String, String> seen =
        inView(next, "find $1 -printf '%y %m %U %G /%P\\n'").stream()
            .collect(
                Collectors.toMap(l -> l.split(" ", 5)[4], l -> l.substring(0, l.indexOf('/') - 1)));
    assertThat(told).isEqualTo(seen);
    Map<String, String> hashes = new TreeMap<>();
    for (String line :
        inView(
            next, "cd $1; find . -type f -print0 | xargs -0 sha256sum --zero | tr '\\0' '\\n'")) {
      hashes.put(line.substring(67), line.substring(0, 64));
    }
    assertThat(
            manifest.stream()
                .filter(e -> e.sha256() != null)
                .collect(Collectors.toMap(ManifestEntry::path, ManifestEntry::sha256)))
        .isEqualTo(hashes);
  }

  @Test
  @Order(3)
  void theDifferenceIsThatOfTheManifestsInBothDirections() throws Exception {
    GenerationDiff there = store.diff(NAME, 0, 1);
    GenerationDiff back = store.diff(NAME, 1, 0);
    assertThat(there.packages()).isEqualTo(store.details(NAME, 1).orElseThrow().changes());
    assertThat(back.packages())
        .extracting(c -> c.name() + c.to() + c.from() + c.security())
        .containsExactlyElementsOf(
            there.packages().stream()
                .map(c -> c.name() + c.from() + c.to() + c.security())
                .toList());
    assertThat(there.paths()).extracting(PathChange::path).contains("var/lib/dpkg/status");
    assertThat(back.paths()).hasSameSizeAs(there.paths());
    assertThat(there.paths().stream().filter(p -> p.kind() == ChangeKind.ADDED).count())
        .isEqualTo(back.paths().stream().filter(p -> p.kind() == ChangeKind.REMOVED).count());
    assertThat(store.diff(NAME, 1, 1).paths()).isEmpty();
    System.out.println("paths: " + there.paths().size());
  }

  @Test
  @Order(4)
  void aSecondUpdateHasNothingToDo() throws Exception {
    String before = state();
    for (UpdateRequest request :
        List.of(
            UpdateRequest.everything(),
            UpdateRequest.security(),
            UpdateRequest.packages(List.of("apt")),
            UpdateRequest.script("#!/bin/sh\ntouch /run/x /tmp/x /var/log/dpkg.log\n"))) {
      UpdateResult result = store.update(NAME, request, Progress.SILENT);
      assertThat(result.outcome()).isEqualTo(UpdateResult.Outcome.NOTHING_TO_DO);
      assertThat(result.changes()).isEmpty();
      assertThat(result.held()).isEmpty();
    }
    assertThat(state()).isEqualTo(before);
  }

  /** What a script prints, which arrives as progress. */
  private static List<String> printed(String script) {
    List<String> out = new ArrayList<>();
    store.update(
        NAME, UpdateRequest.script(script).asDryRun(), (percent, message) -> out.add(message));
    return out;
  }

  @Test
  @Order(1)
  void nobodyGetsOutOfTheBuildContainer() throws IOException {
    List<String> seen =
        printed(
            """
            #!/bin/sh
            try() { "$@" >/dev/null 2>&1 && echo "could: $*"; }
            try ls %1$s
            try sh -c 'echo x > /proc/sys/kernel/domainname'
            try sh -c 'echo x > /proc/sysrq-trigger'
            try mount -t tmpfs tmpfs /mnt
            try umount /proc
            try umount -l /
            try mknod /dev/disk b 254 0
            mknod /root/null c 1 3 && try cat /root/null
            try ls /sys/kernel
            try ls /dev/kmsg
            try unshare -Ur true
            try perl -e 'setpriority(0, 0, -5) or exit 1'
            try perl -e 'mkdir "/tmp/q"; chroot "/tmp/q"; chdir ".." for 1..60; chroot "."; exit !-e "%1$s"'
            /usr/sbin/policy-rc.d; echo "policy $?"
            invoke-rc.d cron start; echo "cron $?"
            echo "name $(uname -n), processes $(ls -d /proc/[0-9]* | wc -l)"
            sed -n 's/^CapBnd:[[:space:]]*/caps /p' /proc/self/status
            ls /run/lamina | sort | tr '\n' ' '
            """
                .formatted(temp));
    assertThat(seen)
        .noneMatch(l -> l.startsWith("could:"))
        .contains("policy 101")
        .anyMatch(l -> l.startsWith("name localhost, processes "))
        .contains("caps 00000000a80404fb")
        .noneMatch(l -> l.contains("secret") || l.contains("host-"));
  }

  @Test
  @Order(1)
  void aSecurityUpdateTakesNothingFromOtherSuites() {
    assertThat(
            printed(
                """
                #!/bin/sh
                cat > /run/lamina/preferences.d/000-lamina <<'PINS'
                Package: *
                Pin: release n=no-such-security
                Pin-Priority: 500

                Package: *
                Pin: release o=*
                Pin-Priority: 90
                PINS
                apt-get --simulate dist-upgrade | grep upgraded,
                apt-get --simulate install less nano | grep upgraded,
                """))
        .contains("0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.")
        .anyMatch(l -> l.matches("0 upgraded, [1-9] newly installed.*"));
  }

  @Test
  @Order(1)
  void onlyTheNamedPackageIsPlanned() {
    UpdateResult plan =
        store.update(
            NAME, UpdateRequest.packages(List.of("libexpat1")).asDryRun(), Progress.SILENT);
    assertThat(plan.changes()).extracting(PackageChange::name).containsExactly("libexpat1");
    assertThat(plan.changes().getFirst().security()).isTrue();
  }

  @Test
  @Order(1)
  void failuresAreNamedAndLeaveNothing() throws Exception {
    String before = state();
    assertFails(UpdateRequest.packages(List.of("no-such-package-anywhere")), "no-such-package");
    assertFails(UpdateRequest.packages(List.of("libexpat1=0.0.1")), "0.0.1");
    assertFails(
        UpdateRequest.script("#!/bin/sh\necho E: my own words >&2\nexit 3\n"), "my own words");
    assertFails(
        UpdateRequest.script(
            "#!/bin/sh\nsed -i '/^Package: less$/,/^$/s/ok installed/ok half-configured/'"
                + " /var/lib/dpkg/status\n"),
        "is not whole");
    assertThat(state()).isEqualTo(before);
  }

  private static void assertFails(UpdateRequest request, String text) {
    assertThatThrownBy(() -> store.update(NAME, request, Progress.SILENT))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TEMPLATE_BUILD_FAILED))
        .hasMessageContaining(text);
  }

  @Test
  @Order(1)
  void anInterruptInTheMiddleLeavesNothing() throws Exception {
    String before = state();
    CountDownLatch changing = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread updater =
        Thread.ofPlatform()
            .start(() -> {
              try {
                store.update(
                    NAME,
                    UpdateRequest.everything(),
                    (percent, message) -> {
                      if (percent > 40) {
                        changing.countDown();
                      }
                    });
              } catch (LaminaException e) {
                thrown.set(e);
              }
            });
    assertThat(changing.await(3, TimeUnit.MINUTES)).isTrue();
    assertThat(BuildRemains.processes(dir)).isNotEmpty();
    updater.interrupt();
    updater.join(20_000);
    assertThat(thrown.get()).hasMessageContaining("interrupted");
    assertThat(state()).isEqualTo(before);
  }

  /** The daemon in the test below. */
  static final class Updater {
    private Updater() {}

    public static void main(String[] args) {
      new DirectoryTemplateStore(
              new StoreConfig(Path.of(args[0]), Path.of(args[1]), Path.of(args[2])))
          .update(
              NAME, UpdateRequest.everything(), (percent, message) -> System.out.println(percent));
    }
  }

  @Test
  @Order(1)
  void aKilledDaemonLeavesNothingAfterASweep() throws Exception {
    String before = state();
    for (int percent : List.of(5, 40, 88)) {
      Process daemon =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Updater.class.getName(),
                  dir.toString(),
                  DEFINITIONS.toString(),
                  temp.resolve("operator").toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (var out = daemon.inputReader()) {
        assertThat(out.lines().anyMatch(l -> Integer.parseInt(l) >= percent)).isTrue();
      } finally {
        daemon.destroyForcibly().waitFor();
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (!BuildRemains.processes(dir).isEmpty() && System.nanoTime() < deadline) {
        Thread.sleep(50);
      }
      assertThat(BuildRemains.processes(dir)).as("the update dies with the daemon").isEmpty();
      assertThat(dir.resolve(".staging")).isNotEmptyDirectory();
      store.sweep();
      assertThat(dir.resolve(".staging")).isEmptyDirectory();
      assertThat(state()).isEqualTo(before);
    }
  }

  @Test
  @Order(5)
  void aPackageThatConvertsDataIsHeldAndListed() throws Exception {
    UpdateResult installed =
        store.update(
            NAME,
            UpdateRequest.script(
                """
                #!/bin/sh
                set -e
                oldest=$(apt-cache madison mariadb-common | sort -t'|' -k2 -V | sed -n '1s/ //g;1s/^[^|]*|//;1s/|.*//p')
                apt-get install mariadb-common="$oldest" mysql-common
                """),
            Progress.SILENT);
    assertThat(installed.outcome()).isEqualTo(UpdateResult.Outcome.PUBLISHED);
    assertThat(installed.changes())
        .extracting(PackageChange::name)
        .contains("mariadb-common", "mysql-common");

    UpdateResult result = store.update(NAME, UpdateRequest.everything(), Progress.SILENT);

    assertThat(result.outcome()).isEqualTo(UpdateResult.Outcome.NOTHING_TO_DO);
    assertThat(result.held()).extracting(HeldPackage::name).containsExactly("mariadb-common");
    assertThatThrownBy(() ->
            store.update(NAME, UpdateRequest.packages(List.of("mariadb-common")), Progress.SILENT))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_PARAMETER));
  }

  @Test
  @Order(6)
  void everyKindOfChangeIsInTheManifest() throws Exception {
    UpdateResult result =
        store.update(
            NAME,
            UpdateRequest.script(
                """
                #!/bin/sh
                set -e
                rm -r /usr/share/doc/less
                rm -r /usr/share/doc/cron && mkdir /usr/share/doc/cron
                echo new > /usr/share/doc/cron/only
                rm -r /usr/share/doc/netbase && ln -s cron /usr/share/doc/netbase
                rm /etc/issue && mkdir /etc/issue && echo x > /etc/issue/inside
                mv /etc/issue.net /etc/issue-net
                echo x > /opt/a && ln /opt/a /opt/b && chmod 4755 /opt/a
                cp /bin/true /opt/capable && setfattr -n user.x -v y /opt/capable 2>/dev/null || :
                chown 33:33 /opt/capable && chmod 0700 /srv
                mkfifo /opt/pipe
                touch /usr/share/doc/apt/copyright && chmod 0644 /etc/passwd
                """),
            Progress.SILENT);
    assertThat(result.outcome()).isEqualTo(UpdateResult.Outcome.PUBLISHED);
    assertManifestIsTrue(result.generation().orElseThrow());
    int last = result.generation().orElseThrow().number();
    assertThat(
            store.diff(NAME, last - 1, last).paths().stream().map(p -> p.kind() + " " + p.path()))
        .contains(
            "REMOVED usr/share/doc/less/copyright",
            "REMOVED usr/share/doc/cron/copyright",
            "ADDED usr/share/doc/cron/only",
            "TYPE_CHANGED usr/share/doc/netbase",
            "TYPE_CHANGED etc/issue",
            "CHANGED srv",
            "ADDED etc/issue-net",
            "REMOVED etc/issue.net")
        .doesNotContain("CHANGED usr/share/doc/apt/copyright", "CHANGED etc/passwd");
    store.removeGeneration(NAME, last);
    assertThat(store.newest(NAME).orElseThrow().number()).isEqualTo(last - 1);
  }
}
