package org.lamina.manager.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.lamina.schema.LaminaException;

class AccountsTest {
  private final Accounts accounts = new Accounts();

  @Test
  void uid_ofNamesAndNumbers() {
    assertThat(accounts.uid("root")).isZero();
    assertThat(accounts.uid("4294967294")).isEqualTo(-2);
    assertThat(accounts.uid("1000")).isEqualTo(1000);
    assertThatThrownBy(() -> accounts.uid("no-such-user")).isInstanceOf(LaminaException.class);
    assertThatThrownBy(() -> accounts.uid("--help")).isInstanceOf(LaminaException.class);
  }

  @Test
  void isMember_asksTheNameService() {
    assertThat(accounts.isMember("root", "no-such-group")).isFalse();
    assertThat(accounts.isMember("no-such-user", "root")).isFalse();
    assertThat(accounts.isMember("", "nogroup")).isFalse();
  }
}
