package org.lamina.agent.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.sys.Kernel;

/** Compares what overlayfs shows of a stack before and after it was folded; needs root. */
class DeltaSquashIT {
  private static final String CHANGES_BELOW =
      """
      echo one >a; echo kept >kept; mkdir -p dir/sub replaced opaque; echo x >dir/x
      echo y >dir/sub/y; echo r >replaced/r; echo o >opaque/o; rm gone; rm -r whited; ln -s /etc link
      chmod 700 dir; echo f >becomes-dir
      """;
  private static final String CHANGES_ABOVE =
      """
      echo two >a; rm -r dir/sub; rm -r replaced; echo file >replaced
      rm -r opaque; mkdir opaque; echo new >opaque/new; mkdir whited; echo w >whited/w; rm kept; echo back >gone
      rm link; ln -s /usr link; chmod 755 dir; chown 12:34 dir; rm becomes-dir; mkdir becomes-dir
      echo z >becomes-dir/z; rm lower-only
      """;

  @TempDir Path directory;
  private Path lower;
  private Path delta;

  @BeforeEach
  void stack() throws Exception {
    lower = Files.createDirectories(directory.resolve("lower"));
    Files.writeString(lower.resolve("gone"), "from below");
    Files.writeString(lower.resolve("lower-only"), "from below");
    Files.createDirectories(lower.resolve("dir/deep"));
    Files.createDirectories(lower.resolve("whited/hidden"));
    delta = directory.resolve("delta");
    Path base = delta.resolve("usr");
    makePair(base);
    inOverlay(DeltaStack.of(delta, "usr"), CHANGES_BELOW);
    makePair(base.resolve("1"));
    inOverlay(DeltaStack.of(delta, "usr"), CHANGES_ABOVE);
    makePair(base.resolve("2"));
    inOverlay(DeltaStack.of(delta, "usr"), "echo three >third; rm -r dir/deep");
  }

  @Test
  void squash_keepsWhatOverlayfsShows() throws Exception {
    String before = inOverlay(DeltaStack.of(delta, "usr"), "");
    assertThat(before).contains("back", "third").doesNotContain("lower-only", "deep", "hidden");
    assertThat(new DeltaSquash(Kernel.linux()).squash(delta, "usr")).isEqualTo(2);
    DeltaStack folded = DeltaStack.of(delta, "usr");
    assertThat(folded.frozen()).isEmpty();
    assertThat(delta.resolve("usr/1")).doesNotExist();
    assertThat(delta.resolve("usr/2")).doesNotExist();
    assertThat(inOverlay(folded, "")).isEqualTo(before);
  }

  @Test
  void squash_ofOneLayerDoesNothing() throws Exception {
    new DeltaSquash(Kernel.linux()).squash(delta, "usr");
    String before = inOverlay(DeltaStack.of(delta, "usr"), "");
    assertThat(new DeltaSquash(Kernel.linux()).squash(delta, "usr")).isZero();
    assertThat(inOverlay(DeltaStack.of(delta, "usr"), "")).isEqualTo(before);
  }

  private static void makePair(Path pair) throws IOException {
    Files.createDirectories(pair.resolve("upper"));
    Files.createDirectories(pair.resolve("work"));
  }

  /** Runs commands on the mounted stack and lists what it shows, with metadata and content. */
  private String inOverlay(DeltaStack stack, String commands) throws Exception {
    StringBuilder lowers = new StringBuilder();
    for (Path frozen : stack.frozen()) {
      lowers.append(frozen).append(':');
    }
    lowers.append(lower);
    String script =
        "set -e; mkdir -p \"$1\"; mount -t overlay -o index=off,metacopy=off,redirect_dir=off,"
            + "lowerdir=$2,upperdir=$3,workdir=$4 overlay \"$1\"; cd \"$1\"\n"
            + commands
            + "\nfind . -printf '%P %y %m %U:%G %l\\n' | sort; find . -type f | sort | xargs -r tail -v";
    Process process =
        new ProcessBuilder(
                List.of(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    script,
                    "sh",
                    directory.resolve("merged").toString(),
                    lowers.toString(),
                    stack.upper().toString(),
                    stack.work().toString()))
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }
}
