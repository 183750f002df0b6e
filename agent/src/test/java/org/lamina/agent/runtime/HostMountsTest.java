package org.lamina.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.lamina.agent.proc.MountInfo;

class HostMountsTest {
  private final Predicate<Path> mounted =
      HostMounts.atOrAbove(
          MountInfo.parse(
              List.of(
                  "21 1 8:1 / / rw - ext4 /dev/sda1 rw",
                  "40 21 0:40 / /srv/root/101/usr rw - overlay overlay rw",
                  "41 21 0:41 / /srv/root/with\\040blank rw - tmpfs tmpfs rw")));

  @Test
  void aMountPoint_andWhatIsAboveOne_areMounted() {
    assertThat(List.of("/srv/root/101/usr", "/srv/root/101", "/srv", "/", "/srv/root/with blank"))
        .allMatch(path -> mounted.test(Path.of(path)));
  }

  @Test
  void whatIsBelowOrBesideOrBeginsAlike_isNot() {
    assertThat(
            List.of(
                "/srv/root/101/usr/bin", "/srv/root/102", "/srv/root/10", "/srv/root/101/us", "/x"))
        .noneMatch(path -> mounted.test(Path.of(path)));
  }
}
