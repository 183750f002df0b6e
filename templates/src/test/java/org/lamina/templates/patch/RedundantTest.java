package org.lamina.templates.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.lamina.templates.patch.DeltaEntry.Kind;
import org.lamina.templates.patch.MemoryTree.Thing;

class RedundantTest {
  private final MemoryTree generation = new MemoryTree();
  private final MemoryTree own = new MemoryTree();

  private List<String> redundant(DeltaEntry... entries) throws Exception {
    TreeSet<String> candidates = new TreeSet<>();
    for (DeltaEntry entry : entries) {
      candidates.add(entry.path());
    }
    return Redundant.of(candidates, DeltaTree.of(List.of(entries)), own, generation);
  }

  private static DeltaEntry entry(String path, Kind kind) {
    return new DeltaEntry(path, kind);
  }

  @Test
  void onlyWhatIsWhollyTheSame() throws Exception {
    for (MemoryTree tree : List.of(generation, own)) {
      tree.put("etc/same", Thing.file("new"));
      tree.put("etc/link", Thing.link("same"));
      tree.put("etc/mode", Thing.file("new"));
      tree.put("etc/edited", Thing.file("new"));
    }
    own.put("etc/mode", Thing.file("new").mode("0600", 0, 0));
    own.put("etc/edited", Thing.file("mine"));
    own.put("etc/mine", Thing.file("mine"));
    assertThat(
            redundant(
                entry("etc", Kind.DIRECTORY),
                entry("etc/edited", Kind.FILE),
                entry("etc/link", Kind.SYMLINK),
                entry("etc/mine", Kind.FILE),
                entry("etc/mode", Kind.FILE),
                entry("etc/same", Kind.FILE)))
        .containsExactly("etc/link", "etc/same");
  }

  @Test
  void aDeletionOfNothing_butNotOfSomething() throws Exception {
    generation.put("etc/there", Thing.file("x"));
    assertThat(redundant(entry("etc/gone", Kind.WHITEOUT), entry("etc/there", Kind.WHITEOUT)))
        .containsExactly("etc/gone");
  }

  @Test
  void nothingInADirectoryThatHidesTheGenerations() throws Exception {
    generation.put("etc/d/same", Thing.file("x"));
    own.put("etc/d/same", Thing.file("x"));
    assertThat(redundant(entry("etc/d", Kind.OPAQUE_DIRECTORY), entry("etc/d/same", Kind.FILE)))
        .isEmpty();
  }
}
