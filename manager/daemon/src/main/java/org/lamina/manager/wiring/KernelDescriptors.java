package org.lamina.manager.wiring;

import java.nio.charset.StandardCharsets;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.manager.core.Descriptors;

/** Descriptors made of pipes, whose buffer holds what is needed without a second thread. */
record KernelDescriptors(FileCalls files) implements Descriptors {
  private static final int LIMIT = 4096;

  @Override
  public Fd input(byte[] content) {
    if (content.length > LIMIT) {
      throw new IllegalArgumentException("more than a pipe holds: " + content.length);
    }
    Fd[] pipe = files.pipe();
    try (Fd writer = pipe[1]) {
      files.write(writer, content);
      return pipe[0];
    } catch (RuntimeException e) {
      pipe[0].close();
      throw e;
    }
  }

  @Override
  public Capture capture() {
    Fd[] pipe = files.pipe();
    return new PipeCapture(files, pipe[0], pipe[1]);
  }

  private record PipeCapture(FileCalls files, Fd reader, Fd sink) implements Capture {
    @Override
    public String text() {
      // whatever still holds the other end must not keep the daemon waiting: one byte always comes
      files.write(sink, new byte[] {'\n'});
      return new String(files.read(reader, LIMIT), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      sink.close();
      reader.close();
    }
  }
}
