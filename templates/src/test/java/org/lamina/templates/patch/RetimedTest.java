package org.lamina.templates.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.lamina.schema.Ctid;
import org.lamina.templates.patch.MemoryTree.Thing;
import org.lamina.templates.patch.debian.DebianFamily;
import org.lamina.templates.tree.ManifestEntry;

/** Files of which an update changes the time and nothing else. */
class RetimedTest {
  private static final String STATUS = "var/lib/dpkg/status";
  private static final String PACKAGE =
      "Package: p\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n";
  private static final Thing SAME = Thing.file("same").of("p");

  private final MemoryTree delta = new MemoryTree();

  private static ManifestEntry at(String path, long seconds) {
    ManifestEntry e = MemoryTree.entry(path, SAME);
    return new ManifestEntry(
        e.path(),
        e.type(),
        e.mode(),
        e.uid(),
        e.gid(),
        e.size(),
        e.sha256(),
        e.target(),
        e.xattrs(),
        e.owner(),
        e.escaped(),
        seconds);
  }

  private List<Step> steps(String path, @Nullable Thing own, Move move) throws IOException {
    if (own != null) {
      delta.put(path, own);
    }
    MemoryTree both = new MemoryTree().put(STATUS, Thing.file(PACKAGE)).put(path, SAME);
    GenerationDiff diff =
        new GenerationDiff(
            "t",
            0,
            1,
            List.of(new PathChange(path, ChangeKind.CHANGED, at(path, 1), at(path, 2))),
            List.of());
    Planner planner = new Planner(diff, both, both, new DebianFamily(diff, both, both));
    PatchPlan plan = planner.plan(new Ctid(101), delta.delta(), delta, move);
    assertThat(plan.blocked()).isFalse();
    assertThat(plan.summary().remaining()).isEmpty();
    return plan.steps();
  }

  private static final Move LIVE = Move.live(java.util.Set.of("usr"));

  @Test
  void whatIsNotExchangedIsPutAgain() throws IOException {
    assertThat(steps("var/lib/p/file", null, LIVE))
        .containsExactly(new Step.Put("var/lib/p/file", "var/lib/p/file", null));
    assertThat(steps("usr/lib/p/file", null, LIVE)).isEmpty();
    assertThat(steps("var/lib/p/file", null, Move.stopped())).isEmpty();
  }

  @Test
  void anEqualCopyMakesWay() throws IOException {
    assertThat(steps("usr/lib/p/file", SAME, Move.stopped()))
        .containsExactly(new Step.Prune("usr/lib/p/file"));
    assertThat(steps("usr/lib/p/file", SAME, LIVE))
        .containsExactly(new Step.Put("usr/lib/p/file", "usr/lib/p/file", null));
  }

  @Test
  void whatTheContainerEditedOrDeletedIsNoConcernOfTheUpdate() throws IOException {
    for (String path : List.of("etc/p.conf", "usr/lib/p/file")) {
      for (Thing own : List.of(Thing.file("edited"), Thing.whiteout())) {
        assertThat(steps(path, own, LIVE)).as(path + " " + own).isEmpty();
        assertThat(steps(path, own, Move.stopped())).as(path + " " + own).isEmpty();
      }
    }
  }
}
