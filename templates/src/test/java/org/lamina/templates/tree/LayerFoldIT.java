package org.lamina.templates.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two layers and what they are joined into look the same to the kernel. Needs root. */
class LayerFoldIT {
  /** Every kind of object in the upper layer over every kind in the lower and in the base. */
  private static final String LAYERS =
      """
      mkdir base lower upper
      for b in none file directory; do for l in none file directory opaque whiteout link; do
      for u in none file directory opaque whiteout link; do
        for pair in base:$b lower:$l upper:$u; do
          at=${pair%%:*}/$b-$l-$u
          case ${pair#*:} in
            file) echo ${pair%%:*} >$at; chmod 4711 $at ;;
            link) ln -s ${pair%%:*} $at ;;
            whiteout) mknod $at c 0 0 ;;
            directory|opaque) mkdir -m 1770 $at; echo x >$at/of-${pair%%:*}; echo ${pair%%:*} >$at/both ;;
          esac
        done
      done; done; done
      """;

  private static final String LOOK =
      "find . -printf '%p %y %m %U %l\\n' | sort; find . -type f | sort | xargs cat";

  @TempDir private Path temp;

  @Test
  void joined_showsWhatBothShowed() throws Exception {
    layers();
    LayerFold.fold(at("upper"), at("lower"), at("joint"), false);
    assertThat(seen("joint:base")).isEqualTo(seen("upper:lower:base")).contains("of-lower");
  }

  @Test
  void joinedWithTheLowest_isAWholeTree() throws Exception {
    layers();
    LayerFold.fold(at("lower"), at("base"), at("whole"), true);
    assertThat(sh("cd whole; " + LOOK)).isEqualTo(seen("lower:base"));
    assertThat(sh("find whole -type c")).isEmpty();
    assertThat(Files.getAttribute(at("whole/file-none-none"), "unix:ino"))
        .isEqualTo(Files.getAttribute(at("base/file-none-none"), "unix:ino"));
  }

  private void layers() throws Exception {
    sh(LAYERS);
    for (int place = 1; place <= 2; place++) {
      try (Stream<Path> objects = Files.list(at(place == 1 ? "lower" : "upper"))) {
        for (Path object : objects.toList()) {
          if (String.valueOf(object.getFileName()).split("-")[place].equals("opaque")) {
            LayerMark.cover(object);
          }
        }
      }
    }
  }

  private Path at(String name) {
    return temp.resolve(name);
  }

  private String seen(String layers) throws Exception {
    return sh(
        "mkdir -p empty mnt; mount -t overlay -o lowerdir="
            + layers
            + ":empty overlay mnt; (cd mnt; "
            + LOOK
            + "); umount mnt");
  }

  private String sh(String code) throws Exception {
    Process process =
        new ProcessBuilder("unshare", "--mount", "sh", "-ec", code)
            .directory(temp.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
