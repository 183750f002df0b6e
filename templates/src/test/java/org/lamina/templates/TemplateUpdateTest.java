package org.lamina.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.lamina.templates.build.TemplateUpdater;
import org.lamina.templates.build.UpdateOutcome;
import org.lamina.templates.build.UpdateWork;
import org.lamina.templates.patch.ChangeKind;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.tree.ManifestEntry;
import org.lamina.templates.tree.ManifestFile;

/** The store's part of an update, with a package manager of paper. */
class TemplateUpdateTest {
  @TempDir private Path temp;
  private Path dir;
  private Path definitions;
  private final Paper paper = new Paper();
  private DirectoryTemplateStore store;

  private static PackageSet apt(String version) {
    return new PackageSet(
        new TreeMap<>(Map.of("apt", version)), new TreeMap<>(Map.of("apt", "amd64")));
  }

  /** Builds a root with two files; what an update does each test decides. */
  private static final class Paper implements TemplateBuilder, TemplateUpdater {
    private interface Effect {
      void run(UpdateWork work) throws IOException, InterruptedException;
    }

    private volatile Effect effect = work -> {};
    private volatile Optional<String> version = Optional.of("2");
    private volatile UpdateWork seen;

    @Override
    public String family() {
      return "debian";
    }

    @Override
    public BuildResult build(BuildRequest request, Progress progress) {
      try {
        Files.createDirectories(request.root().resolve("etc"));
        Files.writeString(request.root().resolve("etc/same"), "same");
        Files.writeString(request.root().resolve("etc/old"), "old");
      } catch (IOException e) {
        throw new LaminaException(ExitCode.TEMPLATE_BUILD_FAILED, "paper: " + e.getMessage());
      }
      return new BuildResult(apt("1"), Map.of("/etc/old", "apt"), List.of("u s main"), "paper 1");
    }

    @Override
    public UpdateOutcome update(UpdateWork work, Progress progress) throws InterruptedException {
      seen = work;
      try {
        Files.writeString(work.scratch().resolve("s"), "s");
        effect.run(work);
      } catch (IOException e) {
        throw new LaminaException(ExitCode.TEMPLATE_BUILD_FAILED, "paper: " + e.getMessage());
      }
      if (version.isEmpty()) {
        return new UpdateOutcome(List.of(), List.of(), 0, Optional.empty());
      }
      return new UpdateOutcome(
          List.of(new PackageChange("apt", "amd64", "1", version.get(), true)),
          List.of(new HeldPackage("mysql-server", "1", "2", true, "may convert data")),
          7,
          work.request().dryRun()
              ? Optional.empty()
              : Optional.of(
                  new BuildResult(
                      apt(version.get()),
                      Map.of("/etc/old", "apt", "/etc/same", "apt"),
                      List.of("u s2 main"),
                      "paper 2")));
    }
  }

  /** Writes below the layer's {@code etc} as an overlay would: a directory copied up first. */
  private static void put(UpdateWork work, String name, String text) throws IOException {
    Path etc = Files.createDirectories(work.upper().resolve("etc"));
    Files.writeString(etc.resolve(name), text);
  }

  @BeforeEach
  void stores() throws IOException {
    dir = temp.resolve("template");
    definitions = Files.createDirectory(temp.resolve("d"));
    define("x", "[\"x-security\"]");
    store =
        new DirectoryTemplateStore(
            new StoreConfig(dir, definitions, temp.resolve("none"), temp),
            List.of(paper),
            List.of(paper));
    store.create("one", Progress.SILENT);
    paper.effect = work -> put(work, "old", "new");
  }

  private void define(String release, String updateSuites) throws IOException {
    Files.writeString(
        definitions.resolve("one.json"),
        """
        {"summary": "s", "family": "debian", "release": "%s", "suites": ["x"],
         "updateSuites": %s, "components": ["main"],
         "packages": ["apt"], "init": "systemd", "swappableTrees": ["usr"]}
        """
            .formatted(release, updateSuites));
  }

  private UpdateResult update() {
    return store.update("one", UpdateRequest.everything(), Progress.SILENT);
  }

  private List<String> everything() throws IOException {
    try (Stream<Path> walk = Files.walk(dir)) {
      return walk.map(p -> dir.relativize(p).toString())
          .filter(p -> !p.isEmpty() && !p.startsWith(".locks") && !p.equals(".staging"))
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
  void publishesALayerThatHoldsOnlyTheChange() throws IOException {
    List<Integer> percents = new ArrayList<>();
    paper.effect =
        work -> {
          put(work, "old", "new");
          put(work, "same", "same");
        };

    UpdateResult result =
        store.update("one", UpdateRequest.everything(), (p, m) -> percents.add(p));

    assertThat(result.outcome()).isEqualTo(UpdateResult.Outcome.PUBLISHED);
    assertThat(result.base()).isZero();
    assertThat(result.downloadBytes()).isEqualTo(7);
    assertThat(result.layerBytes()).isPositive();
    assertThat(percents).isSorted().last().isEqualTo(100);
    assertThat(everything())
        .filteredOn(p -> p.startsWith("one/1"))
        .containsExactly(
            "one/1",
            "one/1/fs",
            "one/1/fs/etc",
            "one/1/fs/etc/old",
            "one/1/manifest.jsonl.gz",
            "one/1/meta.json");
    Generation next = result.generation().orElseThrow();
    assertThat(next.layers()).containsExactly(dir.resolve("one/1/fs"), dir.resolve("one/0/fs"));
    assertThat(next.swappableTrees()).containsExactly("usr");
    assertThat(store.newest("one")).contains(next);
    assertThat(store.generations("one")).extracting(Generation::number).containsExactly(0, 1);
    assertThat(store.generations("none")).isEmpty();
  }

  @Test
  void whatIsKnownAboutAGenerationIsKept() throws IOException {
    store.update("one", UpdateRequest.packages(List.of("apt=2")), Progress.SILENT);

    GenerationDetails first = store.details("one", 0).orElseThrow();
    GenerationDetails next = store.details("one", 1).orElseThrow();
    assertThat(first.parent()).isNull();
    assertThat(first.changes()).isEmpty();
    assertThat(next.parent()).isZero();
    assertThat(next.reason()).isEqualTo("packages apt=2");
    assertThat(next.packages()).containsExactly(Map.entry("apt", "2"));
    assertThat(next.changes()).containsExactly(new PackageChange("apt", "amd64", "1", "2", true));
    assertThat(next.held()).extracting(HeldPackage::name).containsExactly("mysql-server");
    assertThat(next.sources()).containsExactly("u s2 main");
    assertThat(store.details("one", 2)).isEmpty();
    List<ManifestEntry> manifest = ManifestFile.read(dir.resolve("one/1/manifest.jsonl.gz"));
    assertThat(manifest)
        .extracting(ManifestEntry::path)
        .containsExactly("/", "/etc", "/etc/old", "/etc/same");
    assertThat(manifest.get(3).owner()).as("taken over without a change").isEqualTo("apt");
  }

  @Test
  void aMetaOfTheFirstVersionIsStillRead() throws IOException {
    Path meta = dir.resolve("one/0/meta.json");
    String text = Files.readString(meta).replaceFirst("(?s),\\s*\"reason\".*", "\n}");
    Files.writeString(meta, text.replaceFirst("(?s),\\s*\"updateSuites\" : \\[[^\\]]*\\]", ""));
    assertThat(store.details("one", 0).orElseThrow().reason()).isEqualTo("first build");
    update();
    assertThat(store.diff("one", 0, 1).packages())
        .containsExactly(new PackageChange("apt", "amd64", "1", "2", true));
  }

  @Test
  void theDefinitionOfTodaySaysWhereUpdatesComeFrom() throws IOException {
    define("x", "[\"x-other\"]");
    update();
    assertThat(paper.seen.definition().updateSuites()).containsExactly("x-other");
    assertThat(paper.seen.definition().forUpdates().suites()).containsExactly("x", "x-other");
    assertThat(paper.seen.layers()).containsExactly(dir.resolve("one/0/fs"));

    define("y", "[\"y-security\"]");
    update();
    assertThat(paper.seen.definition().updateSuites())
        .as("another release is no update")
        .containsExactly("x-other");
    Files.delete(definitions.resolve("one.json"));
    paper.effect = work -> put(work, "old", "third");
    assertThat(update().generation().orElseThrow().number()).isEqualTo(2);
  }

  @Test
  void nothingToDoIsAResult() throws IOException {
    List<String> before = everything();
    paper.version = Optional.empty();
    paper.effect = work -> {};
    assertThat(update().outcome()).isEqualTo(UpdateResult.Outcome.NOTHING_TO_DO);
    assertThat(
            store.update("one", UpdateRequest.everything().asDryRun(), Progress.SILENT).outcome())
        .isEqualTo(UpdateResult.Outcome.NOTHING_TO_DO);
    paper.version = Optional.of("1");
    paper.effect = work -> put(work, "same", "same");
    assertThat(update().outcome())
        .as("files were written, but none differs")
        .isEqualTo(UpdateResult.Outcome.NOTHING_TO_DO);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aDryRunPublishesNothing() throws IOException {
    List<String> before = everything();
    UpdateResult result = store.update("one", UpdateRequest.security().asDryRun(), Progress.SILENT);
    assertThat(result.outcome()).isEqualTo(UpdateResult.Outcome.DRY_RUN);
    assertThat(result.generation()).isEmpty();
    assertThat(result.changes()).hasSize(1);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aFailedUpdateLeavesNothing() throws IOException {
    List<String> before = everything();
    paper.effect =
        work -> {
          put(work, "old", "half");
          throw new IOException("no route");
        };
    assertFails(this::update, ExitCode.TEMPLATE_BUILD_FAILED, "no route");
    paper.effect =
        work -> {
          put(work, "old", "half");
          throw new IllegalStateException("bug");
        };
    assertThatThrownBy(this::update).isInstanceOf(IllegalStateException.class);
    assertFails(
        () -> store.update("two", UpdateRequest.everything(), Progress.SILENT),
        ExitCode.TEMPLATE_NOT_FOUND,
        "two");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void anInterruptedUpdateLeavesNothingAndExcludesOthersUntilThen() throws Exception {
    List<String> before = everything();
    CountDownLatch inside = new CountDownLatch(1);
    paper.effect =
        work -> {
          put(work, "old", "half");
          inside.countDown();
          Thread.sleep(60_000);
        };
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread worker =
        Thread.ofPlatform()
            .start(() -> {
              try {
                update();
              } catch (LaminaException e) {
                thrown.set(e);
              }
            });
    assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
    assertFails(this::update, ExitCode.LOCKED, "being updated by process");
    assertFails(() -> store.remove("one"), ExitCode.LOCKED, "being updated");
    assertFails(() -> store.removeGeneration("one", 0), ExitCode.LOCKED, "being updated");
    store.sweep();
    assertThat(everything()).as("a living update is not swept").hasSizeGreaterThan(before.size());
    worker.interrupt();
    worker.join(10_000);

    assertThat(thrown.get()).hasMessageContaining("interrupted");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void sweepTakesWhatACrashLeft() throws IOException {
    List<String> before = everything();
    Files.createDirectories(dir.resolve(".staging/one@00ff/generation/fs/etc"));
    Files.createDirectories(dir.resolve(".staging/one@00ff/scratch/container-1/layers/work/work"));
    Files.createSymbolicLink(
        dir.resolve(".staging/one@00ff/scratch/container-1/layers/0"), dir.resolve("one/0/fs"));
    store.sweep();
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void onlyTheUppermostGenerationCanGoAndItsNumberIsNotUsedAgain() throws IOException {
    assertFails(() -> store.removeGeneration("one", 0), ExitCode.TEMPLATE_IN_USE, "only one");
    update();
    paper.version = Optional.of("3");
    paper.effect = work -> put(work, "old", "third");
    update();
    assertFails(
        () -> store.removeGeneration("one", 1), ExitCode.TEMPLATE_IN_USE, "generation 2 lies on");
    assertFails(() -> store.removeGeneration("one", 9), ExitCode.TEMPLATE_NOT_FOUND, "9");

    store.removeGeneration("one", 2);
    store.removeGeneration("one", 1);

    assertThat(store.newest("one").orElseThrow().number()).isZero();
    assertThat(everything()).noneMatch(p -> p.startsWith("one/1") || p.startsWith("one/2"));
    assertThat(update().generation().orElseThrow().number()).isEqualTo(3);
    assertThat(store.generations("one")).extracting(Generation::number).containsExactly(0, 3);
    store.remove("one");
    assertThat(everything()).isEmpty();
    store.create("one", Progress.SILENT);
    assertThat(update().generation().orElseThrow().number()).isEqualTo(1);
  }

  @Test
  void aGenerationInTheMiddleBecomesPartOfTheNext() throws IOException {
    paper.effect = work -> put(work, "added", "by 1");
    update();
    paper.version = Optional.of("3");
    paper.effect = work -> put(work, "old", "by 2");
    update();

    store.fold("one", 1);

    Path joint = dir.resolve("one/2/fs-1");
    assertThat(store.generations("one")).extracting(Generation::number).containsExactly(0, 2);
    assertThat(store.generation("one", 2).orElseThrow().layers())
        .containsExactly(joint, dir.resolve("one/0/fs"));
    assertThat(joint.resolve("etc/added")).hasContent("by 1");
    assertThat(joint.resolve("etc/old")).hasContent("by 2");
    assertThat(Files.getAttribute(joint.resolve("etc/added"), "unix:ino"))
        .isEqualTo(Files.getAttribute(dir.resolve("one/1/fs/etc/added"), "unix:ino"));
    assertThat(store.details("one", 2).orElseThrow().parent()).isZero();
    assertThat(store.details("one", 2).orElseThrow().changes())
        .containsExactly(new PackageChange("apt", "amd64", "1", "3", true));
    assertThat(store.diff("one", 0, 2).paths()).hasSize(2);

    assertThat(store.reap("one", Instant.EPOCH)).as("somebody has them mounted").isEmpty();
    assertThat(store.folding("one")).containsExactly(1);
    assertThat(dir.resolve("one/2/fs")).exists();
    assertThat(store.reap("one", Instant.MAX)).containsExactly(1);
    assertThat(store.folding("one")).isEmpty();
    assertThat(everything()).noneMatch(p -> p.startsWith("one/1") || p.startsWith("one/2/fs/"));
    paper.effect = work -> put(work, "old", "by 3");
    assertThat(update().generation().orElseThrow().number()).isEqualTo(3);
  }

  @Test
  void aFoldThatDiedIsGoneOnWith() throws IOException {
    paper.effect = work -> put(work, "added", "by 1");
    update();
    paper.version = Optional.of("3");
    paper.effect = work -> put(work, "old", "by 2");
    update();
    // The marker is there, and a part of the joint layer.
    Files.writeString(dir.resolve("one/1/folding"), "");
    Files.createDirectories(dir.resolve("one/2/fs-1/etc"));
    assertThat(store.generations("one")).extracting(Generation::number).containsExactly(0, 2);
    assertThat(store.generation("one", 2).orElseThrow().layers()).hasSize(3);
    assertThat(store.reap("one", Instant.MAX)).as("2 still lies on it").isEmpty();

    store.folding("one").forEach(n -> store.fold("one", n));

    assertThat(dir.resolve("one/2/fs-1/etc/added")).hasContent("by 1");
    assertThat(store.reap("one", Instant.MAX)).containsExactly(1);
    assertThat(store.generation("one", 2).orElseThrow().layers()).hasSize(2);
  }

  @Test
  void anyTwoGenerationsCanBeCompared() throws IOException {
    paper.effect =
        work -> {
          put(work, "old", "new");
          put(work, "added", "a");
        };
    update();
    paper.version = Optional.of("3");
    paper.effect =
        work -> {
          put(work, "old", "old");
          Files.createDirectories(work.upper().resolve("etc/added"));
        };
    update();

    GenerationDiff all = store.diff("one", 0, 2);
    assertThat(all.paths())
        .extracting(p -> p.kind() + " " + p.path())
        .containsExactly("ADDED etc/added");
    assertThat(all.packages()).containsExactly(new PackageChange("apt", "amd64", "1", "3", true));
    GenerationDiff back = store.diff("one", 2, 1);
    assertThat(back.paths())
        .extracting(p -> p.kind() + " " + p.path())
        .containsExactly("TYPE_CHANGED etc/added", "CHANGED etc/old");
    assertThat(back.paths().get(1).kind()).isEqualTo(ChangeKind.CHANGED);
    assertThat(back.packages()).containsExactly(new PackageChange("apt", "amd64", "3", "2", true));
    assertFails(() -> store.diff("one", 0, 7), ExitCode.TEMPLATE_NOT_FOUND, "generation 7");
    assertFails(() -> store.diff("no", 0, 1), ExitCode.TEMPLATE_NOT_FOUND, "generation 0");
  }
}
