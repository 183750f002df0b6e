package org.lamina.manager.cli.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.lamina.manager.cli.Output;
import org.lamina.schema.Printable;

/**
 * Writes the frames {@code <letter><length>\n<payload>} that the client obeys, each flushed at
 * once. Thread safe. A client that has gone away turns every further frame into nothing, because
 * the work goes on without it.
 */
public final class FrameWriter implements Output {
  private final OutputStream to;
  private boolean broken;
  private boolean ended;
  private boolean processRuns;

  public FrameWriter(OutputStream to) {
    this.to = to;
  }

  /** Once a process owns the caller's standard output, our own lines go to standard error. */
  @Override
  public synchronized void out(String text) {
    text(processRuns ? 'e' : 'o', text);
  }

  @Override
  public synchronized void err(String text) {
    text('e', text);
  }

  private void text(char kind, String text) {
    if (!text.isEmpty()) {
      frame(kind, text);
    }
  }

  @Override
  public synchronized void progress(int percent, String message) {
    frame('p', percent + " " + Printable.shorten(message, 400));
  }

  /** A process runs on the client's descriptors now. */
  public synchronized void process(String sessionId) {
    processRuns = true;
    frame('t', sessionId);
  }

  /** A terminal was sent; what it prints comes through it. */
  public synchronized void terminal(String sessionId) {
    frame('m', "enter " + sessionId);
  }

  /** A terminal was sent for keys; what it prints is in the log. */
  public synchronized void console(String sessionId, String log) {
    frame('m', "console " + sessionId + " " + log);
  }

  /** The exit code, 0..255; nothing is written after it. */
  public synchronized void exit(int code) {
    frame('x', Integer.toString(code));
    ended = true;
  }

  /** True once a frame could not be written. */
  public synchronized boolean broken() {
    return broken;
  }

  private void frame(char kind, String payload) {
    if (broken || ended) {
      return;
    }
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream frame = new ByteArrayOutputStream(bytes.length + 12);
    frame.write(kind);
    frame.writeBytes((bytes.length + "\n").getBytes(StandardCharsets.US_ASCII));
    frame.writeBytes(bytes);
    try {
      to.write(frame.toByteArray());
      to.flush();
    } catch (IOException e) {
      broken = true;
    }
  }
}
