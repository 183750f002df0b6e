package org.lamina.manager.cli.lamina;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamina.manager.cli.Samples;
import org.lamina.manager.core.ContainerView;
import org.lamina.manager.core.ContainerView.Status;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Limits;
import org.lamina.schema.LimitsBuilder;

class PromisesTest {
  private static final Promises.Host HOST = new Promises.Host(8L << 30, 0, 4);

  private static ContainerView view(int ctid, Status status, LimitsBuilder limits) {
    return Samples.view(Samples.container(ctid, null, null, limits.build()), status);
  }

  @Test
  void limitsAddUpByWhetherTheyRun() {
    List<Promises> all =
        Promises.of(
            HOST,
            List.of(
                view(101, Status.RUNNING, limits().ram(gib(6)).cpuPercent(150.0).cpus(1)),
                view(102, Status.RUNNING, limits().ram(gib(4)).cpus(2).cpuPercent(0.0)),
                view(103, Status.RUNNING, limits().ram(ByteSize.UNLIMITED).swap(gib(1))),
                view(104, Status.STOPPED, limits().ram(gib(1)).cpuPercent(50.0))));
    assertThat(all)
        .containsExactly(
            new Promises("memory", 8L << 30, 11L << 30, 10L << 30, 1),
            new Promises("swap", 0, 1L << 30, 1L << 30, 2),
            new Promises("cpu", 400, 350, 300, 1));
    assertThat(all.stream().map(Promises::level)).containsExactly(125L, null, 75L);
  }

  @Test
  void sumsDoNotOverflow() {
    ByteSize most = new ByteSize(Long.MAX_VALUE - 1);
    Promises memory =
        Promises.of(
                HOST,
                List.of(
                    view(101, Status.RUNNING, limits().ram(most)),
                    view(102, Status.RUNNING, limits().ram(most))))
            .getFirst();
    assertThat(memory.all()).isEqualTo(Long.MAX_VALUE);
    assertThat(memory.running()).isEqualTo(Long.MAX_VALUE);
  }

  private static LimitsBuilder limits() {
    return Limits.NONE.edit();
  }

  private static ByteSize gib(int n) {
    return new ByteSize((long) n << 30);
  }
}
