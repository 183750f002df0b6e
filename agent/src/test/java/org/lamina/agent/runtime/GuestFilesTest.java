package org.lamina.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuestFilesTest {
  @Test
  void hosts_addsTheNameBehindLocalhostAndKeepsTheRest() {
    assertThat(GuestFiles.hosts("127.0.0.1\tlocalhost\n10.0.0.9 db\n", "web1"))
        .isEqualTo("127.0.0.1\tlocalhost\n127.0.1.1\tweb1\n10.0.0.9 db\n");
  }

  @Test
  void hosts_replacesTheOldNameAndGivesTheShortOneToo() {
    assertThat(GuestFiles.hosts("127.0.0.1 localhost\n127.0.1.1 old\n", "web1.example.org"))
        .isEqualTo("127.0.0.1 localhost\n127.0.1.1\tweb1.example.org web1\n");
  }

  @Test
  void hosts_isStable() {
    String once = GuestFiles.hosts("", "web1.example.org");
    assertThat(GuestFiles.hosts(once, "web1.example.org")).isEqualTo(once);
  }

  @Test
  void hosts_isMadeWhereThereWasNone() {
    assertThat(GuestFiles.hosts("", "web1")).isEqualTo("127.0.0.1\tlocalhost\n127.0.1.1\tweb1\n");
  }
}
