package org.lamina.agent.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamina.agent.sys.MountCalls.Option;

class OverlayMountsTest {
  @Test
  void fewLayers_areOneOption() {
    assertThat(OverlayMounts.lowers(List.of("/a", "/b")))
        .containsExactly(new Option("lowerdir", "/a:/b"));
  }

  @Test
  void moreThanAnOptionHolds_areGivenOneByOne_uppermostFirst() {
    List<String> layers = IntStream.range(60, 76).mapToObj(n -> "/proc/self/fd/" + n).toList();
    assertThat(OverlayMounts.lowers(layers))
        .hasSize(16)
        .startsWith(new Option("lowerdir+", "/proc/self/fd/60"))
        .allMatch(o -> o.key().equals("lowerdir+") && o.value().length() <= 255);
  }
}
