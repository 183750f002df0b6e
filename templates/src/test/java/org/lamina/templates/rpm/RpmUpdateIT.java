package org.lamina.templates.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Progress;
import org.lamina.templates.BuildRemains;
import org.lamina.templates.DirectoryTemplateStore;
import org.lamina.templates.HeldPackage;
import org.lamina.templates.StoreConfig;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.UpdateResult;
import org.lamina.templates.patch.PackageChange;

/** Real updates with dnf and rpm from real local repositories, good and bad. Needs root. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RpmUpdateIT {
  private static final String NAME = "small";
  private static final List<String> PACKAGES =
      List.of(
          "laminatest-release",
          "filesystem",
          "setup",
          "bash",
          "coreutils",
          "less",
          "rpm",
          "shadow-utils",
          "site-base",
          "site-case",
          "site-hooks",
          "site-legacy");

  @TempDir private static Path temp;
  private static TestDistribution distribution;
  private static DirectoryTemplateStore store;
  private static Path dir;
  private static Path mirror;
  private static Path key;

  @BeforeAll
  static void template() throws Exception {
    distribution = TestDistribution.make();
    mirror = Files.createDirectory(temp.resolve("mirror"));
    key = Files.copy(distribution.place().resolve("key.asc"), temp.resolve("key.asc"));
    Files.createSymbolicLink(mirror.resolve("release"), distribution.place().resolve("release"));
    offer("nothing");
    dir = temp.resolve("template");
    store = new DirectoryTemplateStore(new StoreConfig(dir, definitions(), definitions()));
    store.sweep();
    var _ = store.create(NAME, Progress.SILENT);
  }

  private static Path definitions() throws IOException {
    return definitions("file://" + mirror.resolve("updates"));
  }

  /**
   * @param updates address of the second repository
   */
  private static Path definitions(String updates) throws IOException {
    Path definitions = Files.createDirectories(temp.resolve("definitions"));
    Files.writeString(
        definitions.resolve(NAME + ".json"),
        TestDistribution.definition(
            PACKAGES,
            key,
            TestDistribution.fingerprint(key),
            List.of("file://" + mirror.resolve("release"), updates)));
    return definitions;
  }

  /** What the second repository has from now on. */
  private static void offer(String repository) throws IOException {
    offer(distribution.place().resolve(repository));
  }

  private static void offer(Path repository) throws IOException {
    Files.deleteIfExists(mirror.resolve("updates"));
    Files.createSymbolicLink(mirror.resolve("updates"), repository);
  }

  @AfterAll
  static void remove() {
    store.newest().forEach(g -> store.remove(g.template()));
  }

  @AfterEach
  void nothingIsLeftOfAnyUpdate() throws IOException {
    BuildRemains.none(dir, temp);
  }

  /** Fails unless the update fails, says so, and publishes nothing. */
  private static LaminaException refused(UpdateRequest request) {
    LaminaException e =
        catchThrowableOfType(
            LaminaException.class, () -> store.update(NAME, request, Progress.SILENT));
    assertThat(e).isNotNull();
    assertThat(e.getMessage()).contains("cannot update template " + NAME);
    assertThat(store.newest(NAME).orElseThrow().number()).isZero();
    return e;
  }

  private static Map<String, PackageChange> byName(UpdateResult result) {
    Map<String, PackageChange> out = new TreeMap<>();
    result.changes().forEach(c -> out.put(c.name(), c));
    return out;
  }

  @Test
  @Order(1)
  void aDryRunTellsWhatComesChangesAndGoes() throws IOException {
    offer("updates");
    UpdateResult result =
        store.update(NAME, UpdateRequest.everything().asDryRun(), Progress.SILENT);
    assertThat(result.outcome()).isEqualTo(UpdateResult.Outcome.DRY_RUN);
    Map<String, PackageChange> changes = byName(result);
    assertThat(changes)
        .containsOnlyKeys("less", "site-base", "site-case", "site-legacy", "site-modern", "zlib");
    assertThat(changes.get("zlib").from()).startsWith("1:1.2.13");
    assertThat(changes.get("zlib").to()).startsWith("1:1.2.13").endsWith(".1");
    assertThat(changes.get("site-legacy").from()).isEqualTo("1-1.el9");
    assertThat(changes.get("site-legacy").to()).as("obsoleted").isNull();
    assertThat(changes.get("site-modern").from()).isNull();
    assertThat(result.downloadBytes()).isPositive();
    assertThat(store.newest(NAME).orElseThrow().number()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unsigned   | not signed                        | Packages without a signature",
        "foreign    | bad-foreign                       | --gpgkey FILE",
        "unresolved | nothing provides no-such-package  | Correct the packages",
        "failing    | scriptlet failed                  | does not install in a container",
      })
  @Order(2)
  void aBadPackageIsNamedAndNothingIsPublished(String kind, String words, String hint)
      throws IOException {
    offer(kind);
    LaminaException e = refused(UpdateRequest.packages(List.of("bad-" + kind)));
    assertThat(e.getMessage()).contains(words);
    assertThat(e.hint().orElse("")).contains(hint);
    assertThat(e.exitCode()).isEqualTo(ExitCode.TEMPLATE_BUILD_FAILED);
  }

  @Test
  @Order(2)
  void aRepositoryThatIsNotWholeIsRefused() throws IOException {
    Path broken = copied(distribution.place().resolve("updates"), temp.resolve("broken"));
    offer(broken);
    Path primary = broken.resolve("repodata/primary.xml.gz");
    byte[] whole = Files.readAllBytes(primary);
    Files.delete(primary);
    assertThat(refused(UpdateRequest.everything()).getMessage()).contains("primary.xml");
    Files.write(primary, Arrays.copyOf(whole, whole.length / 2));
    assertThat(refused(UpdateRequest.everything()).getMessage()).containsIgnoringCase("checksum");
    Files.write(primary, whole);
    Path zlib;
    try (DirectoryStream<Path> found = Files.newDirectoryStream(broken, "zlib-*.rpm")) {
      zlib = found.iterator().next();
    }
    byte[] bytes = Files.readAllBytes(zlib);
    bytes[bytes.length - 100] ^= 1;
    Files.write(zlib, bytes);
    assertThat(refused(UpdateRequest.everything()).getMessage()).contains("zlib");
    Files.write(zlib, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(refused(UpdateRequest.everything()).getMessage()).contains("zlib");
    Path index = broken.resolve("repodata/repomd.xml");
    byte[] entries = Files.readAllBytes(index);
    Files.write(index, Arrays.copyOf(entries, entries.length / 2));
    LaminaException half = refused(UpdateRequest.everything());
    assertThat(half.getMessage()).contains("repomd.xml parser error");
    assertThat(half.hint().orElse("")).contains("The repository is damaged");
    Files.delete(index);
    assertThat(refused(UpdateRequest.everything()).getMessage()).contains("repomd.xml");
    offer(temp.resolve("not-there"));
    LaminaException e = refused(UpdateRequest.everything());
    assertThat(e.getMessage()).contains("there is no directory", "mirror/updates");
  }

  @Test
  @Order(2)
  void aRepositoryThatNobodyServesIsRefused() throws IOException {
    String address;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      address = "127.0.0.1:" + free.getLocalPort();
    }
    var _ = definitions("http://" + address + "/updates");
    try {
      LaminaException e = refused(UpdateRequest.everything());
      assertThat(e.getMessage())
          .contains("http://" + address + "/updates", "Couldn't connect to server");
      assertThat(e.hint().orElse("")).contains("Check that this host reaches the repository");
      assertThat(e.exitCode()).isEqualTo(ExitCode.TEMPLATE_BUILD_FAILED);
    } finally {
      var _ = definitions();
    }
  }

  /** Files of their own, because they are changed. */
  private static Path copied(Path from, Path to) throws IOException {
    Files.createDirectories(to.resolve("repodata"));
    for (String part : List.of("", "repodata")) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(from.resolve(part))) {
        for (Path file : files) {
          if (Files.isRegularFile(file)) {
            Files.copy(file, to.resolve(part).resolve(file.getFileName()));
          }
        }
      }
    }
    return to;
  }

  @Test
  @Order(2)
  void aKeyThatWasExchangedIsRefused() throws IOException {
    offer("updates");
    Path kept = Files.copy(key, temp.resolve("kept.asc"));
    try {
      Path other = distribution.place().resolve("other.asc");
      Files.copy(other, key, StandardCopyOption.REPLACE_EXISTING);
      assertThat(refused(UpdateRequest.everything()).getMessage())
          .contains("which the definition does not name");
      Files.delete(key);
      assertThat(refused(UpdateRequest.everything()).getMessage()).contains("no key file");
    } finally {
      Files.move(kept, key, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Test
  @Order(2)
  void aFullDiskIsNamedAndNothingIsPublished() throws Exception {
    offer("nothing");
    Path small = Files.createDirectory(temp.resolve("small-disk"));
    run("mount", "-t", "tmpfs", "-o", "size=600m", "tmpfs", small.toString());
    try {
      DirectoryTemplateStore full =
          new DirectoryTemplateStore(new StoreConfig(small, definitions(), definitions()));
      var _ = full.create(NAME, Progress.SILENT);
      offer("updates");
      run("sh", "-c", "head -c 1G /dev/zero >" + small + "/full 2>/dev/null || :");
      LaminaException e =
          catchThrowableOfType(
              LaminaException.class,
              () -> full.update(NAME, UpdateRequest.everything(), Progress.SILENT));
      assertThat(e).isNotNull();
      assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(ExitCode.DISK_FULL);
      assertThat(small.resolve(".staging")).isEmptyDirectory();
      assertThat(full.newest(NAME).orElseThrow().number()).isZero();
      // With room again the same update works.
      Files.delete(small.resolve("full"));
      assertThat(full.update(NAME, UpdateRequest.everything(), Progress.SILENT).outcome())
          .isEqualTo(UpdateResult.Outcome.PUBLISHED);
    } finally {
      run("umount", small.toString());
    }
  }

  @Test
  @Order(3)
  void whatTheTemplateLocksStaysAndIsNamed_andTheRestComes() throws IOException {
    offer("nothing");
    String lock =
        "mkdir -p /etc/dnf/plugins; rpm -q --qf '%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.*\\n'"
            + " less >/etc/dnf/plugins/versionlock.list";
    var _ = store.update(NAME, UpdateRequest.script(lock), Progress.SILENT);
    offer("updates");
    UpdateResult result = store.update(NAME, UpdateRequest.everything(), Progress.SILENT);

    assertThat(result.outcome()).isEqualTo(UpdateResult.Outcome.PUBLISHED);
    assertThat(byName(result))
        .containsOnlyKeys("site-base", "site-case", "site-legacy", "site-modern", "zlib");
    assertThat(result.held())
        .extracting(HeldPackage::name, HeldPackage::reason)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "less", "the template itself locks or excludes it"));
    Path layer = result.generation().orElseThrow().layers().getFirst();
    assertThat(layer.resolve("var/lib/rpm/rpmdb.sqlite")).isNotEmptyFile();
    assertThat(layer.resolve("var/lib/rpm/rpmdb.sqlite-wal")).doesNotExist();
    assertThat(layer.resolve("usr/bin/less")).doesNotExist();
    assertThat(layer.resolve("usr/bin/casecmd1"))
        .as("of equal content, but rpm checks the time")
        .isRegularFile();
    UpdateResult again = store.update(NAME, UpdateRequest.everything(), Progress.SILENT);
    assertThat(again.outcome()).isEqualTo(UpdateResult.Outcome.NOTHING_TO_DO);
  }

  private static void run(String... argv) throws Exception {
    assertThat(new ProcessBuilder(argv).inheritIO().start().waitFor()).isZero();
  }
}
