package org.lamina.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Progress;
import org.lamina.templates.build.BuildRequest;
import org.lamina.templates.build.BuildResult;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.build.TemplateBuilder;

class DirectoryTemplateStoreTest {
  @TempDir private Path temp;
  private Path dir;
  private final Fake builder = new Fake();
  private DirectoryTemplateStore store;

  /** A builder whose middle each test decides. */
  private static final class Fake implements TemplateBuilder {
    private interface Middle {
      void run(Path root) throws IOException, InterruptedException;
    }

    private volatile Middle middle = root -> {};

    @Override
    public String family() {
      return "debian";
    }

    @Override
    public BuildResult build(BuildRequest request, Progress progress) throws InterruptedException {
      try {
        Files.createDirectories(request.root().resolve("etc"));
        Files.writeString(request.root().resolve("etc/x"), "x");
        Files.writeString(request.scratch().resolve("s"), "s");
        middle.run(request.root());
      } catch (IOException e) {
        throw new LaminaException(ExitCode.TEMPLATE_BUILD_FAILED, "fake: " + e.getMessage());
      }
      return new BuildResult(
          new PackageSet(new TreeMap<>(Map.of("apt", "1")), new TreeMap<>(Map.of("apt", "amd64"))),
          Map.of("/etc/x", "apt"),
          List.of("u s main"),
          "fake 1");
    }
  }

  @BeforeEach
  void stores() throws IOException {
    dir = temp.resolve("template");
    Path definitions = Files.createDirectory(temp.resolve("d"));
    for (String name : List.of("one", "two")) {
      define(definitions, name, "debian");
    }
    define(definitions, "strange", "slackware");
    Files.writeString(definitions.resolve("broken.json"), "{");
    store =
        new DirectoryTemplateStore(
            new StoreConfig(dir, definitions, temp.resolve("none"), temp),
            List.of(builder),
            List.of());
  }

  private static void define(Path directory, String name, String family) throws IOException {
    Files.writeString(
        directory.resolve(name + ".json"),
        """
        {"summary": "s", "family": "%s", "release": "x", "suites": ["x"], "components": ["main"],
         "packages": ["apt"], "init": "systemd", "swappableTrees": ["usr"]}
        """
            .formatted(family));
  }

  private List<String> everything() throws IOException {
    if (!Files.exists(dir)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(dir)) {
      return walk.map(p -> dir.relativize(p).toString())
          .filter(p -> !p.isEmpty() && !p.startsWith(".locks"))
          .filter(p -> !p.equals(".staging"))
          .sorted()
          .toList();
    }
  }

  private static void assertFails(ThrowingCallable call, ExitCode code, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  @Test
  void publishesACompleteGeneration() throws IOException {
    List<Integer> percents = new ArrayList<>();

    Generation g = store.create("one", (p, m) -> percents.add(p));

    assertThat(everything())
        .containsExactly(
            "one",
            "one/0",
            "one/0/fs",
            "one/0/fs/etc",
            "one/0/fs/etc/x",
            "one/0/manifest.jsonl.gz",
            "one/0/meta.json");
    assertThat(g.layers()).containsExactly(dir.resolve("one/0/fs"));
    assertThat(g.swappableTrees()).containsExactly("usr");
    assertThat(g.packages()).isEqualTo(1);
    assertThat(g.bytes()).isPositive();
    assertThat(percents).isSorted().last().isEqualTo(100);
    assertThat(store.newest()).containsExactly(g);
    assertThat(store.newest("one")).contains(g);
    assertThat(store.generation("one", 0)).contains(g);
    assertThat(store.generation("one", 1)).isEmpty();
    assertThat(store.newest("two")).isEmpty();
    for (Path closed : List.of(dir, dir.resolve("one"), dir.resolve("one/0"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(closed)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void aSecondBuildIsRefused() {
    store.create("one", Progress.SILENT);
    assertFails(() -> store.create("one", Progress.SILENT), ExitCode.TEMPLATE_EXISTS, "one");
  }

  @Test
  void namesWithoutADefinitionAreRefused() throws IOException {
    for (String name :
        List.of("onn", "../x", "", "-x", "a\nb", "%s", "x".repeat(10_000), "\u0151")) {
      assertFails(
          () -> store.create(name, Progress.SILENT), ExitCode.TEMPLATE_NOT_FOUND, "definition");
      assertThat(store.newest(name)).isEmpty();
      assertFails(() -> store.remove(name), ExitCode.TEMPLATE_NOT_FOUND, "no template");
    }
    assertFails(() -> store.definition("broken"), ExitCode.TEMPLATE_NOT_FOUND, "broken.json");
    assertFails(
        () -> store.create("strange", Progress.SILENT),
        ExitCode.TEMPLATE_BUILD_FAILED,
        "slackware");
    assertThat(store.definitions())
        .extracting(TemplateDefinition::name)
        .containsExactly("one", "strange", "two");
    assertThat(store.problems()).extracting(DefinitionProblem::name).containsExactly("broken");
    assertThat(everything()).isEmpty();
  }

  @Test
  void aFailedBuildLeavesNothing() throws IOException {
    builder.middle =
        root -> {
          throw new IOException("no route");
        };
    assertFails(
        () -> store.create("one", Progress.SILENT), ExitCode.TEMPLATE_BUILD_FAILED, "no route");
    assertThat(everything()).isEmpty();
    assertThat(store.newest()).isEmpty();
  }

  @Test
  void aBuildThatLeavesARuntimeErrorLeavesNothing() throws IOException {
    builder.middle =
        root -> {
          throw new IllegalStateException("bug");
        };
    assertThatThrownBy(() -> store.create("one", Progress.SILENT))
        .isInstanceOf(IllegalStateException.class);
    assertThat(everything()).isEmpty();
    builder.middle = root -> {};
    assertThat(store.create("one", Progress.SILENT).number()).isZero();
  }

  @Test
  void anInterruptedBuildLeavesNothingAndStaysInterrupted() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    builder.middle =
        root -> {
          inside.countDown();
          Thread.sleep(60_000);
        };
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread worker =
        Thread.ofPlatform()
            .start(() -> {
              try {
                store.create("one", Progress.SILENT);
              } catch (LaminaException e) {
                thrown.set(e);
              }
              flag.set(Thread.currentThread().isInterrupted());
            });
    assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
    worker.interrupt();
    worker.join(10_000);

    assertThat(thrown.get()).hasMessageContaining("interrupted");
    assertThat(flag.get()).isTrue();
    assertThat(everything()).isEmpty();
  }

  @Test
  void twoBuildsOfOneExcludeEachOtherButNotOthers() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    builder.middle =
        root -> {
          if (root.toString().contains("one@")) {
            inside.countDown();
            go.await();
          }
        };
    Thread worker = Thread.ofPlatform().start(() -> store.create("one", Progress.SILENT));
    assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
    try {
      assertFails(
          () -> store.create("one", Progress.SILENT),
          ExitCode.LOCKED,
          "being built by process " + ProcessHandle.current().pid());
      assertThat(store.create("two", Progress.SILENT).template()).isEqualTo("two");
      store.sweep();
      assertThat(everything())
          .as("a living build is not swept")
          .anyMatch(p -> p.endsWith("fs/etc/x"));
    } finally {
      go.countDown();
      worker.join(10_000);
    }
    assertThat(store.newest()).extracting(Generation::template).containsExactly("one", "two");
  }

  @Test
  void anotherProcessHoldsItsTemplateUntilItDies() throws Exception {
    store.sweep();
    Path lock = dir.resolve(".locks/one");
    Path left = Files.createDirectories(dir.resolve(".staging/one@0123456789abcdef/template/0/fs"));
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                lock.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(holder.getInputStream().read()).isEqualTo('+');
      assertFails(() -> store.create("one", Progress.SILENT), ExitCode.LOCKED, "somebody else");
      store.sweep();
      assertThat(left).exists();
    } finally {
      holder.destroyForcibly().waitFor();
    }
    store.sweep();
    assertThat(everything()).isEmpty();
    assertThat(store.create("one", Progress.SILENT).template()).isEqualTo("one");
  }

  /** Stands for a build in another process. */
  static final class LockHolder {
    private LockHolder() {}

    public static void main(String[] args) throws Exception {
      try (var channel =
          java.nio.channels.FileChannel.open(
              Path.of(args[0]),
              java.nio.file.StandardOpenOption.CREATE,
              java.nio.file.StandardOpenOption.WRITE)) {
        channel.lock();
        channel.write(
            java.nio.ByteBuffer.wrap(
                "somebody else".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        System.out.print('+');
        System.out.flush();
        Thread.sleep(60_000);
      }
    }
  }

  @Test
  void sweepTakesWhatCrashesLeft() throws IOException {
    store.create("one", Progress.SILENT);
    List<String> before = everything();
    Path staging = dir.resolve(".staging");
    Files.createDirectories(staging.resolve("two@00ff/template/0/fs/deep/er"));
    Files.writeString(staging.resolve("two@00ff/template/0/meta.json"), "{");
    Files.createDirectories(staging.resolve("one@0001/removed/0/fs"));
    Files.createDirectories(staging.resolve("one@0002"));

    store.sweep();

    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void removalTakesEverything() throws IOException {
    store.create("one", Progress.SILENT);
    store.remove("one");
    assertThat(everything()).isEmpty();
    assertThat(store.newest("one")).isEmpty();
    assertThat(store.create("one", Progress.SILENT).number()).isZero();
  }

  @Test
  void aDamagedTemplateHidesNoOtherAndCanBeRemoved() throws IOException {
    store.create("one", Progress.SILENT);
    store.create("two", Progress.SILENT);
    for (String bad :
        List.of(
            "",
            "{}",
            "null",
            "{\"format\": 99}",
            Files.readString(dir.resolve("two/0/meta.json")),
            Files.readString(dir.resolve("one/0/meta.json")).replaceFirst("\"created\".*", ""))) {
      Files.writeString(dir.resolve("one/0/meta.json"), bad);
      assertThat(store.newest()).extracting(Generation::template).containsExactly("two");
      assertFails(() -> store.newest("one"), ExitCode.SYSTEM, "meta.json");
      assertThat(store.problems()).extracting(DefinitionProblem::name).contains("one");
    }
    assertFails(() -> store.create("one", Progress.SILENT), ExitCode.TEMPLATE_EXISTS, "one");
    store.remove("one");
    assertThat(store.create("one", Progress.SILENT).number()).isZero();
  }

  @Test
  void aLaterGenerationLiesOnItsParents() throws IOException {
    store.create("one", Progress.SILENT);
    Path next = Files.createDirectories(dir.resolve("one/1/fs")).getParent();
    Files.writeString(
        next.resolve("meta.json"),
        Files.readString(dir.resolve("one/0/meta.json"))
            .replace("\"number\" : 0", "\"number\" : 1")
            .replace("\"parent\" : null", "\"parent\" : 0"));

    assertThat(store.newest("one").orElseThrow().layers())
        .containsExactly(dir.resolve("one/1/fs"), dir.resolve("one/0/fs"));
    Files.writeString(
        next.resolve("meta.json"),
        Files.readString(next.resolve("meta.json")).replace("\"parent\" : 0", "\"parent\" : 1"));
    assertFails(() -> store.newest("one"), ExitCode.SYSTEM, "parent");
  }

  @Test
  void whatIsInTheWayIsLeftAlone() throws IOException {
    store.sweep();
    Files.writeString(dir.resolve("one"), "precious");
    assertFails(() -> store.create("one", Progress.SILENT), ExitCode.TEMPLATE_EXISTS, "in the way");
    assertThat(dir.resolve("one")).hasContent("precious");
  }
}
