package org.lamina.manager.cli.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final FrameWriter frames = new FrameWriter(bytes);

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void frames_countBytesNotCharacters() {
    frames.out("ü\n");
    frames.err("x");
    frames.progress(42, "half\nway");
    frames.exit(0);
    assertThat(written()).isEqualTo("o3\nü\ne1\nxp11\n42 half?wayx1\n0");
  }

  @Test
  void nothing_followsTheExitCode() {
    frames.exit(3);
    frames.err("late");
    frames.exit(4);
    assertThat(written()).isEqualTo("x1\n3");
  }

  @Test
  void outputBesideARunningProcess_goesToStandardError() {
    frames.process("id");
    frames.out("Container is unmounted\n");
    assertThat(written()).isEqualTo("t2\nide23\nContainer is unmounted\n");
  }

  @Test
  void emptyText_isNoFrame() {
    frames.out("");
    assertThat(written()).isEmpty();
  }

  @Test
  void terminals_areAnnounced() {
    frames.terminal("a1");
    frames.console("b2", "/run/x y.log");
    assertThat(written()).isEqualTo("m8\nenter a1m23\nconsole b2 /run/x y.log");
  }

  @Test
  void everyFrame_isFlushedAndAGoneClientIsNoError() {
    List<String> calls = new ArrayList<>();
    FrameWriter writer =
        new FrameWriter(
            new OutputStream() {
              @Override
              public void write(int b) {
                calls.add("byte");
              }

              @Override
              public void write(byte[] b) throws IOException {
                calls.add("write");
                if (calls.size() > 2) {
                  throw new IOException("Broken pipe");
                }
              }

              @Override
              public void flush() {
                calls.add("flush");
              }
            });
    writer.out("a");
    assertThat(writer.broken()).isFalse();
    writer.out("b");
    assertThat(writer.broken()).isTrue();
    writer.exit(0);
    assertThat(calls).containsExactly("write", "flush", "write");
  }
}
