package org.lamina.templates.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Progress;
import org.lamina.templates.BuildOptions;
import org.lamina.templates.BuildRemains;
import org.lamina.templates.DirectoryTemplateStore;
import org.lamina.templates.Generation;
import org.lamina.templates.StoreConfig;
import org.lamina.templates.tree.ManifestEntry;
import org.lamina.templates.tree.ManifestFile;

/** Real builds with dnf and rpm from real local repositories. Needs root. */
class RpmTemplateIT {
  private static final Path SHIPPED = Path.of("src/main/definitions").toAbsolutePath();

  @TempDir private static Path temp;
  private static Path operator;
  private static Path dir;
  private static DirectoryTemplateStore store;
  private static TestDistribution distribution;

  @BeforeAll
  static void stores() throws Exception {
    distribution = TestDistribution.make();
    operator = Files.createDirectory(temp.resolve("operator"));
    dir = temp.resolve("template");
    store = new DirectoryTemplateStore(new StoreConfig(dir, SHIPPED, operator));
    store.sweep(); // makes the staging area, so that it can be looked at after any test
  }

  @AfterAll
  static void remove() {
    store.newest().forEach(g -> store.remove(g.template()));
  }

  @AfterEach
  void nothingIsLeftOfAnyBuild() throws IOException {
    BuildRemains.none(dir, temp);
  }

  private static void define(String name, String text) throws IOException {
    Files.writeString(operator.resolve(name + ".json"), text);
  }

  @Test
  void buildsARealTemplate() throws Exception {
    define("el9", distribution.definition(TestDistribution.SYSTEM, "release"));
    List<Integer> percents = new ArrayList<>();
    Generation generation = store.create("el9", (percent, message) -> percents.add(percent));

    assertThat(percents).isSorted().hasSizeGreaterThan(40).last().isEqualTo(100);
    assertThat(generation.packages()).isGreaterThan(130);
    Path fs = generation.layers().getFirst();
    Map<String, ManifestEntry> manifest =
        ManifestFile.read(generation.directory().resolve("manifest.jsonl.gz")).stream()
            .collect(Collectors.toMap(ManifestEntry::path, Function.identity()));
    assertThat(manifest.get("/usr/bin/bash").owner()).isEqualTo("bash");
    assertThat(manifest.get("/usr/bin/ping").owner()).isEqualTo("iputils");
    assertThat(manifest.get("/usr/bin/ping").xattrs()).containsKey("security.capability");
    assertThat(manifest.get("/usr/bin/su").mode()).isEqualTo("4755");
    assertThat(manifest.get("/bin").target()).isEqualTo("usr/bin");
    assertThat(manifest.values()).noneMatch(e -> e.path().contains(".lamina"));
    assertThat(manifest.values())
        .noneMatch(e ->
            e.xattrs() != null
                && e.xattrs().keySet().stream().anyMatch(x -> x.startsWith("trusted.")));
    // Scriptlets and triggers ran, inside, and what they made is there.
    assertThat(Files.readString(fs.resolve("var/lib/site/scriptlets.log"))).isEqualTo("post 1 1\n");
    assertThat(fs.resolve("var/lib/site-hooks/log")).content().startsWith("zlib came");
    assertThat(fs.resolve("etc/passwd")).content().contains("sshd:x:", "systemd-network:x:");
    assertThat(fs.resolve("etc/shadow")).content().startsWith("root:*:");
    assertThat(Files.readSymbolicLink(fs.resolve("etc/alternatives/vi")))
        .hasToString("/usr/bin/vim.tiny");
    assertThat(fs.resolve("etc/systemd/system/multi-user.target.wants/ssh.service"))
        .isSymbolicLink();
    assertThat(fs.resolve("etc/ld.so.cache")).exists();
    nothingOfTheHostOrTheBuild(fs);
    // The database is read by its own rpm, and nothing differs from what the packages say.
    assertThat(inside(fs, "rpm", "-qa")).hasSize(generation.packages());
    assertThat(inside(fs, "rpm", "-Va")).isEmpty();
    assertThatThrownBy(() -> store.create("el9", Progress.SILENT))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TEMPLATE_EXISTS));
    assertThat(store.details("el9", 0).orElseThrow().tool()).startsWith("dnf ");
  }

  private static void nothingOfTheHostOrTheBuild(Path fs) throws IOException {
    assertThat(fs.resolve("etc/machine-id")).isEmptyFile();
    for (String gone :
        List.of(
            "etc/resolv.conf",
            "etc/hostname",
            "var/cache/dnf",
            "root/.rpmdb",
            "var/lib/dnf",
            "var/lib/rpm/rpmdb.sqlite-wal",
            "var/lib/rpm/rpmdb.sqlite-shm",
            "var/lib/systemd/random-seed",
            "etc/ssh/ssh_host_ed25519_key")) {
      assertThat(fs.resolve(gone)).doesNotExist();
    }
    for (String empty : List.of("dev", "proc", "sys", "run", "tmp", "var/tmp")) {
      assertThat(fs.resolve(empty)).isEmptyDirectory();
    }
    String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    try (Stream<Path> files = Files.walk(fs.resolve("etc"))) {
      assertThat(files.filter(Files::isRegularFile).filter(f -> contains(f, host))).isEmpty();
    }
  }

  private static boolean contains(Path file, String host) {
    try {
      return host.length() > 3
          && !host.equals("localhost")
          && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(host);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> inside(Path fs, String... program) throws Exception {
    List<String> argv = new ArrayList<>(List.of("unshare", "--net", "chroot", fs.toString()));
    argv.addAll(List.of(program));
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text.lines().toList();
  }

  /** Fails unless the build fails, with words that name what is wrong, and nothing is published. */
  private static LaminaException refused(String name, BuildOptions options) {
    LaminaException e =
        catchThrowableOfType(
            LaminaException.class, () -> store.create(name, options, Progress.SILENT));
    assertThat(e).as(name).isNotNull();
    assertThat(e.getMessage()).contains("cannot build template " + name);
    assertThat(store.newest(name)).isEmpty();
    assertThat(dir.resolve(name)).doesNotExist();
    return e;
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
  void aBadPackageIsNamedAndNothingIsLeft(String kind, String words, String hint)
      throws IOException {
    // The scriptlet needs a system that can run it; the others fail before anything is installed.
    List<String> packages =
        kind.equals("failing")
            ? List.of("laminatest-release", "filesystem", "coreutils", "rpm", "bad-failing")
            : List.of("bad-" + kind);
    define("bad-" + kind, distribution.definition(packages, "release", kind));
    LaminaException e = refused("bad-" + kind, BuildOptions.NONE);
    assertThat(e.getMessage()).contains(words);
    assertThat(e.hint().orElse("")).contains(hint);
    assertThat(e.exitCode()).isEqualTo(ExitCode.TEMPLATE_BUILD_FAILED);
  }

  @Test
  void aKeyThatTheDefinitionDoesNotNameIsRefused() throws IOException {
    define(
        "wrong-key",
        TestDistribution.definition(
            List.of("bash"),
            distribution.place().resolve("other.asc"),
            TestDistribution.fingerprint(distribution.place().resolve("key.asc")),
            List.of("file://" + distribution.place().resolve("release"))));
    assertThat(refused("wrong-key", BuildOptions.NONE).getMessage())
        .contains("other.asc", "which the definition does not name");

    define(
        "no-key",
        TestDistribution.definition(
            List.of("bash"),
            Path.of("/nonexistent/key"),
            "0".repeat(40),
            List.of("file://" + distribution.place().resolve("release"))));
    LaminaException e = refused("no-key", BuildOptions.NONE);
    assertThat(e.getMessage()).contains("no key file /nonexistent/key");
    assertThat(e.hint().orElse("")).contains("--gpgkey");

    // The operator's own file takes its place, and is believed; but what it is must fit the
    // packages.
    BuildOptions foreign =
        BuildOptions.of(null, List.of(distribution.place().resolve("other.asc").toString()));
    assertThat(refused("no-key", foreign).hint().orElse("")).contains("--gpgkey FILE");
  }

  @Test
  void aRepositoryThatIsNotWholeIsRefused() throws IOException {
    Path broken = copied("broken");
    define("broken", TestDistribution.definition(List.of("bash"), key(), List.of(broken)));

    // As a mirror looks in the middle of its own update.
    Path primary = broken.resolve("repodata/primary.xml.gz");
    byte[] whole = Files.readAllBytes(primary);
    Files.delete(primary);
    assertThat(refused("broken", BuildOptions.NONE).getMessage()).contains("primary.xml");
    Files.write(primary, Arrays.copyOf(whole, whole.length / 2));
    assertThat(refused("broken", BuildOptions.NONE).getMessage()).containsIgnoringCase("checksum");
    Files.write(primary, whole);

    // A package whose bytes are not those that the repository promises.
    Path bash;
    try (DirectoryStream<Path> found = Files.newDirectoryStream(broken, "bash-*.rpm")) {
      bash = found.iterator().next();
    }
    byte[] bytes = Files.readAllBytes(bash);
    bytes[bytes.length - 100] ^= 1;
    Files.delete(bash);
    Files.write(bash, bytes);
    assertThat(refused("broken", BuildOptions.NONE).getMessage()).contains("bash");

    Path repomd = broken.resolve("repodata/repomd.xml");
    Files.delete(repomd);
    assertThat(refused("broken", BuildOptions.NONE).getMessage()).contains("repomd.xml");
  }

  @Test
  void aRepositoryThatCannotBeReachedIsNamed() throws IOException {
    define(
        "nowhere",
        TestDistribution.definition(
            List.of("bash"),
            key(),
            TestDistribution.fingerprint(key()),
            List.of("http://127.0.0.1:9/nothing")));
    LaminaException e = refused("nowhere", BuildOptions.NONE);
    assertThat(e.getMessage()).contains("127.0.0.1:9");
    assertThat(e.hint().orElse("")).contains("--mirror URL");

    BuildOptions missing = BuildOptions.of("file:///nonexistent", List.of());
    assertThat(refused("nowhere", missing).getMessage()).contains("/nonexistent/9/0/x86_64");
  }

  @Test
  void theOperatorsMirrorAndKeyTakeTheirPlace() throws Exception {
    Path mirror = Files.createDirectories(temp.resolve("mirror/9/0"));
    Files.createSymbolicLink(mirror.resolve("x86_64"), distribution.place().resolve("release"));
    define(
        "moved",
        TestDistribution.definition(
            List.of("setup", "filesystem", "bash", "rpm", "coreutils", "shadow-utils"),
            Path.of("/nonexistent/key"),
            "0".repeat(40),
            List.of("http://127.0.0.1:9/nothing")));
    BuildOptions options =
        BuildOptions.of("file://" + temp.resolve("mirror"), List.of(key().toString()));
    Generation generation = store.create("moved", options, Progress.SILENT);
    assertThat(generation.packages()).isGreaterThan(20);
    assertThat(store.details("moved", 0).orElseThrow().sources())
        .containsExactly("file://" + temp.resolve("mirror") + "/9/0/x86_64 r0");
  }

  @Test
  void aFullDiskIsNamedAndNothingIsLeft() throws Exception {
    define("big", distribution.definition(TestDistribution.SYSTEM, "release"));
    // Room for the packages, and not for what is in them.
    Path small = Files.createDirectory(temp.resolve("small"));
    run("mount", "-t", "tmpfs", "-o", "size=90m", "tmpfs", small.toString());
    try {
      DirectoryTemplateStore full =
          new DirectoryTemplateStore(new StoreConfig(small, SHIPPED, operator));
      assertThatThrownBy(() -> full.create("big", Progress.SILENT))
          .isInstanceOfSatisfying(
              LaminaException.class,
              e -> {
                assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(ExitCode.DISK_FULL);
                assertThat(e.hint().orElse("")).contains("Make room");
              });
      assertThat(small.resolve(".staging")).isEmptyDirectory();
      assertThat(full.newest()).isEmpty();
    } finally {
      run("umount", small.toString());
    }
  }

  @Test
  void aMirrorForAFamilyWithoutOneIsRefused() {
    assertThatThrownBy(() ->
            store.create(
                "debian-12",
                BuildOptions.of("https://mirror.example.org", List.of()),
                Progress.SILENT))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_PARAMETER));
  }

  private static void run(String... argv) throws Exception {
    assertThat(new ProcessBuilder(argv).inheritIO().start().waitFor()).isZero();
  }

  private static Path key() {
    return distribution.place().resolve("key.asc");
  }

  /** The repository as another directory of the same files. */
  private static Path copied(String name) throws IOException {
    Path to = Files.createDirectories(temp.resolve(name).resolve("repodata"));
    Path from = distribution.place().resolve("release");
    for (String part : List.of("", "repodata")) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(from.resolve(part))) {
        for (Path file : files) {
          if (Files.isRegularFile(file)) {
            Files.copy(file, to.getParent().resolve(part).resolve(file.getFileName()));
          }
        }
      }
    }
    return to.getParent();
  }
}
