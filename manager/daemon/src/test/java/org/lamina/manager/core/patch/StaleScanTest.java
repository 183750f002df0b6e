package org.lamina.manager.core.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class StaleScanTest {
  @Test
  void mappings_areThoseOfCodeFromFiles() {
    String maps =
        """
        55d0c0000000-55d0c0020000 r--p 00000000 00:2e 111 /usr/bin/web
        55d0c0020000-55d0c0100000 r-xp 00020000 00:2e 111                        /usr/bin/web
        7f0000000000-7f0000100000 r-xp 00000000 00:2e 222                        /lib/libssl.so.3
        7f0000200000-7f0000300000 r-xp 00000000 00:2e 333                        /lib/a b.so (deleted)
        7f0000400000-7f0000500000 rwxp 00000000 00:00 0
        7ffd00000000-7ffd00021000 r-xp 00000000 00:00 0                          [vdso]
        """;
    assertThat(StaleScan.mappings(maps))
        .containsExactly(
            new StaleScan.Mapping(111, "/usr/bin/web"),
            new StaleScan.Mapping(222, "/lib/libssl.so.3"),
            new StaleScan.Mapping(333, "/lib/a b.so (deleted)"));
  }

  @Test
  void exchangedTree_losesItsNameInPaths() {
    Set<String> changed = Set.of("/usr/lib/libssl.so.3", "/opt/x");
    assertThat(StaleScan.changedPath("/lib/libssl.so.3", changed))
        .isEqualTo("/usr/lib/libssl.so.3");
    assertThat(StaleScan.changedPath("/usr/lib/libssl.so.3 (deleted)", changed))
        .isEqualTo("/usr/lib/libssl.so.3");
    assertThat(StaleScan.changedPath("/opt/x", changed)).isEqualTo("/opt/x");
    assertThat(StaleScan.changedPath("/lib/other", changed)).isNull();
  }

  @Test
  void unit_isTheSystemManagersOwn() {
    String init = "1:name=systemd:/lamina/101/ct/init.scope\n0::/lamina/101/ct/init.scope\n";
    assertThat(StaleScan.unit("0::/lamina/101/ct/system.slice/nginx.service\n", init))
        .isEqualTo("nginx.service");
    assertThat(StaleScan.unit("1:name=systemd:/lamina/101/ct/system.slice/a.service/x\n", init))
        .isEqualTo("a.service");
    String user = "0::/lamina/101/ct/user.slice/user-0.slice/user@0.service/";
    assertThat(StaleScan.unit(user + "app.slice/nginx.service\n", init))
        .describedAs("a user's unit may be named like one of the system")
        .isEqualTo("user@0.service");
    assertThat(StaleScan.unit(user + "init.scope\n", init)).isEqualTo("user@0.service");
  }

  @Test
  void unit_isNoneForCommandsFromOutsideAndOtherInits() {
    assertThat(StaleScan.unit("0::/x/init.scope\n", "0::/x/init.scope\n")).isNull();
    assertThat(StaleScan.unit("0::/x\n", "0::/x\n")).isNull();
    assertThat(StaleScan.unit("", "0::/x\n")).isNull();
    // the daemon's own service above the container is not a unit of the container
    assertThat(StaleScan.unit("0::/laminad.service/ct/a\n", "0::/laminad.service/ct\n")).isNull();
  }
}
