package org.lamina.manager.core;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.lamina.agent.sys.Fd;

/** Descriptors that are only numbers; remembers what was to be read from them. */
final class FakeDescriptors implements Descriptors {
  final List<String> inputs = new ArrayList<>();
  final List<Integer> closed = new ArrayList<>();
  String output = "";

  @Override
  public Fd input(byte[] content) {
    inputs.add(new String(content, StandardCharsets.UTF_8));
    return new Fd(100, closed::add);
  }

  @Override
  public Capture capture() {
    Fd sink = new Fd(101, closed::add);
    return new Capture() {
      @Override
      public Fd sink() {
        return sink;
      }

      @Override
      public String text() {
        return output;
      }

      @Override
      public void close() {
        sink.close();
      }
    };
  }
}
