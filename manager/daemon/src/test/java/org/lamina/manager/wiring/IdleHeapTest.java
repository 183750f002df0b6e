package org.lamina.manager.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdleHeapTest {
  private long collections;
  private int asked;

  private final IdleHeap heap =
      new IdleHeap(
          () -> collections,
          () -> {
            asked++;
            collections++;
          });

  @Test
  void whatDidNothing_isLeftAlone() {
    heap.look();
    heap.look();
    assertThat(asked).isZero();
  }

  @Test
  void whileItWorks_nothingIsAsked() {
    for (int i = 0; i < 5; i++) {
      collections++;
      heap.look();
    }
    assertThat(asked).isZero();
  }

  @Test
  void afterWork_once() {
    collections += 3;
    heap.look();
    heap.look();
    heap.look();
    assertThat(asked).isEqualTo(1);
    collections++;
    heap.look();
    heap.look();
    assertThat(asked).isEqualTo(2);
  }
}
