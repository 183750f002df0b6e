package org.lamina.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Progress;
import org.lamina.templates.tree.ManifestEntry;
import org.lamina.templates.tree.ManifestFile;

/** Real builds from the archive that this host uses. Needs root, mmdebstrap and a network. */
class DebianTemplateIT {
  private static final Path SHIPPED = Path.of("src/main/definitions").toAbsolutePath();

  @TempDir private static Path temp;
  private static Path operator;
  private static Path dir;
  private static DirectoryTemplateStore store;

  @BeforeAll
  static void stores() throws IOException {
    operator = Files.createDirectory(temp.resolve("operator"));
    dir = temp.resolve("template");
    store = new DirectoryTemplateStore(new StoreConfig(dir, SHIPPED, operator));
  }

  @AfterAll
  static void remove() {
    store.newest().forEach(g -> store.remove(g.template()));
  }

  @AfterEach
  void nothingIsLeftOfAnyBuild() throws IOException {
    BuildRemains.none(dir, temp);
  }

  private static List<String> lines(String... argv) throws Exception {
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", argv) + "\n" + text).isZero();
    return text.lines().toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"debian-12", "debian-12-sysvinit"})
  void buildsARealTemplate(String name) throws Exception {
    List<Integer> percents = new ArrayList<>();
    Generation generation = store.create(name, (percent, message) -> percents.add(percent));

    assertThat(percents).isSorted().hasSizeGreaterThan(50).last().isEqualTo(100);
    assertThat(generation.packages()).isGreaterThan(100);
    assertThat(generation.bytes()).isLessThan(250L << 20);
    Path fs = generation.layers().getFirst();
    Map<String, ManifestEntry> manifest =
        ManifestFile.read(generation.directory().resolve("manifest.jsonl.gz")).stream()
            .collect(Collectors.toMap(ManifestEntry::path, Function.identity()));
    assertManifestIsTrue(fs, manifest);
    assertCleanForManyContainers(fs, manifest);
    assertThat(lines("chroot", fs.toString(), "dpkg", "--audit")).isEmpty();
    assertThat(manifest.get("/usr/bin/ping").owner()).isEqualTo("iputils-ping");
    assertThat(manifest.get("/usr/bin/ping").xattrs()).containsKey("security.capability");
    assertThat(manifest.get("/usr/bin/su").mode()).isEqualTo("4755");
    if (name.endsWith("sysvinit")) {

      assertThat(manifest.get("/usr/sbin/init").owner()).isEqualTo("sysvinit-core");
      assertThat(manifest).doesNotContainKey("/usr/lib/systemd/systemd");
      assertThat(lines("chroot", fs.toString(), "dpkg-divert", "--list"))
          .anyMatch(l -> l.contains("/etc/init.d/checkroot.sh"));
    } else {
      assertThat(manifest.get("/usr/sbin/init").owner()).isEqualTo("systemd-sysv");
      assertThat(manifest.get("/etc/systemd/system/default.target").target())
          .endsWith("multi-user.target");
    }
    assertThat(store.newest(name)).contains(generation);
    assertThatThrownBy(() -> store.create(name, Progress.SILENT))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TEMPLATE_EXISTS));
  }

  /** Against the tools of the host, which share no code with the manifest. */
  private static void assertManifestIsTrue(Path fs, Map<String, ManifestEntry> manifest)
      throws Exception {
    Map<String, String> seen =
        lines("find", fs.toString(), "-printf", "%y %m %U %G /%P\\n").stream()
            .collect(
                Collectors.toMap(l -> l.split(" ", 5)[4], l -> l.substring(0, l.indexOf('/') - 1)));
    Map<String, String> told =
        manifest.values().stream()
            .collect(
                Collectors.toMap(
                    ManifestEntry::path,
                    e ->
                        String.format(
                            Locale.ROOT,
                            "%s %o %d %d",
                            e.type().equals("symlink") ? "l" : e.type().substring(0, 1),
                            Integer.parseInt(e.mode(), 8),
                            e.uid(),
                            e.gid())));
    assertThat(told).isEqualTo(seen);
    Path sums = Files.createTempFile(temp, "sums", "");
    Files.write(
        sums,
        manifest.values().stream()
            .filter(e -> e.sha256() != null)
            .map(e -> e.sha256() + "  " + fs + e.path())
            .toList());
    assertThat(lines("sha256sum", "--check", "--quiet", "--strict", sums.toString())).isEmpty();
    assertThat(manifest.values())
        .noneMatch(e -> e.type().equals("char") || e.type().equals("block"));
  }

  private static void assertCleanForManyContainers(Path fs, Map<String, ManifestEntry> manifest)
      throws IOException {
    assertThat(manifest.get("/etc/machine-id").size()).isZero();
    assertThat(manifest.get("/etc/fstab").size()).isZero();
    assertThat(manifest.keySet())
        .noneMatch(p -> p.startsWith("/etc/ssh/ssh_host_"))
        .noneMatch(p ->
            p.matches("/var/(lib/apt/lists|cache/apt/archives)/(partial/)?[^/]+\\.?[^/]*")
                && !p.endsWith("/partial"))
        .noneMatch(p -> p.startsWith("/dev/") || p.startsWith("/tmp/") || p.startsWith("/proc/"))
        .doesNotContain(
            "/var/lib/dbus/machine-id",
            "/etc/hostname",
            "/etc/resolv.conf",
            "/etc/apt/apt.conf.d/99mmdebstrap",
            "/etc/apt/sources.list",
            "/var/log/dpkg.log",
            "/var/lib/systemd/random-seed",
            "/usr/sbin/policy-rc.d");
    assertThat(Files.readString(fs.resolve("etc/shadow"))).startsWith("root:*:");
    assertThat(Files.readString(fs.resolve("etc/apt/sources.list.d/debian.sources")))
        .contains("bookworm-security")
        .contains("Signed-By: /");
  }

  @Test
  void anInterruptInTheMiddleLeavesNothing() throws Exception {
    CountDownLatch installing = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    define("interrupted", "less", "bookworm");
    Thread builder =
        Thread.ofPlatform()
            .start(() -> {
              try {
                store.create(
                    "interrupted",
                    (percent, message) -> {
                      if (percent > 20) {
                        installing.countDown();
                      }
                    });
              } catch (LaminaException e) {
                thrown.set(e);
              }
            });
    assertThat(installing.await(3, TimeUnit.MINUTES)).isTrue();
    assertThat(BuildRemains.processes(dir)).isNotEmpty();
    builder.interrupt();
    builder.join(20_000);

    assertThat(thrown.get()).hasMessageContaining("interrupted");
    assertThat(store.newest("interrupted")).isEmpty();
  }

  /** The daemon in the test below. */
  static final class Builder {
    private Builder() {}

    public static void main(String[] args) {
      new DirectoryTemplateStore(
              new StoreConfig(Path.of(args[0]), Path.of(args[1]), Path.of(args[2])))
          .create(args[3], (percent, message) -> System.out.println(percent));
    }
  }

  @Test
  void aKilledDaemonLeavesNothingAfterASweep() throws Exception {
    define("killed", "less", "bookworm");
    Process daemon =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Builder.class.getName(),
                dir.toString(),
                SHIPPED.toString(),
                operator.toString(),
                "killed")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var out = daemon.inputReader()) {
      boolean installing = out.lines().anyMatch(l -> Integer.parseInt(l) > 20);
      assertThat(installing).isTrue();
    } finally {
      daemon.destroyForcibly().waitFor();
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!BuildRemains.processes(dir).isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
    assertThat(BuildRemains.processes(dir)).as("the build dies with the daemon").isEmpty();
    assertThat(dir.resolve(".staging")).isNotEmptyDirectory();

    store.sweep();

    assertThat(dir.resolve(".staging")).isEmptyDirectory();
    assertThat(store.newest("killed")).isEmpty();
  }

  @Test
  void aPackageThatDoesNotExistIsNamed() throws Exception {
    define("wrong", "no-such-package-anywhere", "bookworm");
    assertFails(store, "wrong", ExitCode.TEMPLATE_BUILD_FAILED, "no-such-package-anywhere");
  }

  @Test
  void aSuiteThatDoesNotExistIsNamed() throws Exception {
    define("wrong-suite", "less", "bookworm-nonsense");
    assertFails(store, "wrong-suite", ExitCode.TEMPLATE_BUILD_FAILED, "bookworm-nonsense");
  }

  @Test
  void keysThatDoNotVouchForTheReleaseStopTheBuild() throws Exception {
    Path sources = Files.createDirectories(temp.resolve("apt/sources.list.d"));
    try (Stream<Path> files = Files.walk(Path.of("/etc/apt"))) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(list|sources)")).toList()) {
        Files.writeString(
            sources.resolve(file.getFileName()),
            Files.readString(file)
                .replace(
                    "/usr/share/keyrings/debian-archive-keyring.gpg",
                    "/usr/share/keyrings/debian-archive-removed-keys.gpg"));
      }
    }
    define("unsigned", "less", "bookworm");
    DirectoryTemplateStore strict =
        new DirectoryTemplateStore(new StoreConfig(dir, SHIPPED, operator, sources.getParent()));
    assertFails(strict, "unsigned", ExitCode.TEMPLATE_BUILD_FAILED, "NO_PUBKEY");
  }

  @Test
  void aFullDiskIsNamedAndLeavesNothing() throws Exception {
    Path small = Files.createDirectory(temp.resolve("small"));
    define("big", "less", "bookworm");
    lines("mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", small.toString());
    try {
      DirectoryTemplateStore full =
          new DirectoryTemplateStore(new StoreConfig(small, SHIPPED, operator));
      assertFails(full, "big", ExitCode.DISK_FULL, "No space left on device");
      assertThat(small.resolve(".staging")).isEmptyDirectory();
      assertThat(full.newest()).isEmpty();
    } finally {
      lines("umount", small.toString());
    }
  }

  private static void assertFails(
      TemplateStore where, String template, ExitCode code, String text) {
    assertThatThrownBy(() -> where.create(template, Progress.SILENT))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(code);
              assertThat(e.hint()).isPresent();
            })
        .hasMessageContaining(text);
  }

  private static void define(String name, String extra, String suite) throws IOException {
    Files.writeString(
        operator.resolve(name + ".json"),
        """
        {"summary": "test", "family": "debian", "release": "bookworm", "suites": ["%s"],
         "components": ["main"], "packages": ["%s"], "init": "systemd"}
        """
            .formatted(suite, extra));
  }
}
