package org.lamina.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;

class EventLoopTest {
  private final Kernel kernel = Kernel.linux();
  private final EventLoop loop = new EventLoop(kernel);
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final List<Fd> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(loop::remove);
    open.forEach(Fd::close);
  }

  private Fd[] pipe() {
    Fd[] pipe = kernel.files().pipe();
    open.addAll(List.of(pipe));
    return pipe;
  }

  private void watch(Fd fd, String name) {
    loop.add(
        fd,
        () -> {
          kernel.files().read(fd, 100);
          seen.add(name);
        });
  }

  private void write(Fd fd) {
    kernel.files().write(fd, new byte[] {1});
  }

  private String next() throws InterruptedException {
    return String.valueOf(seen.poll(5, TimeUnit.SECONDS));
  }

  @Test
  void aHandler_isCalledForItsOwnDescriptorEachTime() throws InterruptedException {
    Fd[] first = pipe();
    Fd[] second = pipe();
    watch(first[0], "first");
    watch(second[0], "second");
    write(second[1]);
    assertThat(next()).isEqualTo("second");
    write(first[1]);
    assertThat(next()).isEqualTo("first");
    write(second[1]);
    assertThat(next()).isEqualTo("second");
    assertThat(seen).isEmpty();
  }

  @Test
  void manyAtOnce_areAllServed() throws InterruptedException {
    List<Fd> ends = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Fd[] pipe = pipe();
      watch(pipe[0], "one");
      ends.add(pipe[1]);
    }
    ends.forEach(this::write);
    for (int i = 0; i < ends.size(); i++) {
      assertThat(next()).as("number %d", i).isEqualTo("one");
    }
  }

  @Test
  void whatIsRemoved_isClosedAndSilent_alsoWhenItsNumberIsAnotherNow() throws InterruptedException {
    Fd[] gone = pipe();
    watch(gone[0], "gone");
    int number = gone[0].number();
    loop.remove(gone[0]);
    loop.remove(gone[0]);
    assertThatIllegalStateException().isThrownBy(() -> gone[0].number());
    Fd[] next = pipe();
    assertThat(next[0].number()).isEqualTo(number);
    watch(next[0], "next");
    write(next[1]);
    assertThat(next()).isEqualTo("next");
    assertThat(seen).isEmpty();
  }

  @Test
  void whatIsReadyAtOnce_mayBeGoneBeforeAddReturns() throws InterruptedException {
    for (int i = 0; i < 2000; i++) {
      Fd[] pipe = kernel.files().pipe();
      write(pipe[1]);
      loop.add(
          pipe[0],
          () -> {
            loop.remove(pipe[0]);
            seen.add("ready");
          });
      assertThat(next()).as("round %d", i).isEqualTo("ready");
      pipe[1].close();
    }
  }

  @Test
  void aHandlerThatFails_endsNobodysWatch() throws InterruptedException {
    Fd[] bad = pipe();
    loop.add(
        bad[0],
        () -> {
          loop.remove(bad[0]);
          throw new IllegalStateException("meant to");
        });
    write(bad[1]);
    Fd[] good = pipe();
    watch(good[0], "good");
    write(good[1]);
    assertThat(next()).isEqualTo("good");
  }

  @Test
  void anEndThatHangsUp_isReported() throws InterruptedException {
    Fd[] pipe = pipe();
    loop.add(
        pipe[0],
        () -> {
          loop.remove(pipe[0]);
          seen.add("hung up");
        });
    pipe[1].close();
    assertThat(next()).isEqualTo("hung up");
  }
}
