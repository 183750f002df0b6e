package org.lamina.templates.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.templates.patch.MemoryTree.Thing;

class ConcernedPathsTest {
  private static final Move LIVE = Move.live(Set.of("usr"));

  /** Templates and containers of all kinds; {@link Thorough} compares the plans. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsLeftOut_wouldHaveChangedNothing(boolean live) throws IOException {
    int touched = 0;
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      World world = World.of().updated("foo", "1.0-1", "1.0-2");
      for (String top : List.of("usr", "etc", "var")) {
        fill(world.base, top, 0, "", random);
        fill(world.next, top, 0, "", random);
        fill(world.delta, top, 0, "*o", random);
      }
      touched +=
          world.plan(live ? LIVE : Move.stopped()).summary().planClass() != PlanClass.CLEAN ? 1 : 0;
    }
    assertThat(touched).isBetween(500, 2000);
  }

  private static void fill(MemoryTree tree, String path, int depth, String more, Random random) {
    String kinds = "-fFld" + more;
    switch (kinds.charAt(depth == 0 ? 4 : random.nextInt(kinds.length()))) {
      case 'f' -> tree.put(path, Thing.file("one").of("foo"));
      case 'F' -> tree.put(path, Thing.file("two").of("foo"));
      case 'l' -> tree.put(path, Thing.link("target"));
      case '*' -> tree.put(path, Thing.whiteout());
      case 'd', 'o' -> {
        boolean opaque = depth > 0 && random.nextBoolean() && !more.isEmpty();
        tree.put(path, opaque ? Thing.opaque() : Thing.directory());
        for (String name : depth < 3 ? List.of("a", "b", "c") : List.<String>of()) {
          fill(tree, path + "/" + name, depth + 1, more, random);
        }
      }
      default -> {}
    }
  }

  private static PathChange change(String path) {
    return new PathChange(
        path,
        ChangeKind.CHANGED,
        MemoryTree.entry(path, Thing.file("old")),
        MemoryTree.entry(path, Thing.file("new")));
  }

  private static List<String> chosen(Move move, DeltaEntry... delta) {
    ConcernedPaths paths =
        new ConcernedPaths(
            List.of(
                change("etc/conf"),
                change("usr/lib/a"),
                change("usr/lib/a-b"),
                change("usr/lib/a/c"),
                change("usr/lib/z")));
    return paths.of(DeltaTree.of(List.of(delta)), move).stream().map(PathChange::path).toList();
  }

  @Test
  void stopped_nothingConcernsAnEmptyContainer() {
    assertThat(chosen(Move.stopped())).isEmpty();
  }

  @Test
  void live_whatIsNotExchangedIsWritten() {
    assertThat(chosen(LIVE)).containsExactly("etc/conf");
  }

  @Test
  void whatLiesThere_andAllBelowWhatHides() {
    assertThat(chosen(LIVE, new DeltaEntry("usr/lib/z", DeltaEntry.Kind.FILE)))
        .containsExactly("etc/conf", "usr/lib/z");
    assertThat(chosen(Move.stopped(), new DeltaEntry("usr/lib/a", DeltaEntry.Kind.WHITEOUT)))
        .containsExactly("usr/lib/a", "usr/lib/a/c");
    assertThat(chosen(Move.stopped(), new DeltaEntry("usr/lib", DeltaEntry.Kind.DIRECTORY)))
        .isEmpty();
  }
}
