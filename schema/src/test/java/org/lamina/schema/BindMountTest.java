package org.lamina.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindMountTest {
  @ParameterizedTest
  @ValueSource(strings = {"/srv:/mnt", "/own", "/a/b:/c/d,ro,nosuid,nodev,noexec", "/a-b_c.d:/e+f"})
  void textAndBack(String text) {
    assertThat(BindMount.parse(text).toString()).isEqualTo(text);
    assertThat(BindMount.parseAll(" " + text + " ")).containsExactly(BindMount.parse(text));
  }

  @Test
  void optionsHaveOneOrder() {
    assertThat(BindMount.parse("/a:/b,noexec,ro,ro").toString()).isEqualTo("/a:/b,ro,noexec");
    assertThat(BindMount.render(List.of(BindMount.parse("/a:/b"), BindMount.parse("/c"))))
        .isEqualTo("/a:/b /c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "a:/b",
        "/a:b",
        "/a:",
        ":/b",
        "/a:/b:/c",
        "/",
        "/a:/",
        "/a/:/b",
        "//a:/b",
        "/a/../b:/c",
        "/a:/b/..",
        "/a:/./b",
        "/a:/b,rw",
        "/a:/b,",
        "/a:/b,ro nodev",
        "/a:/proc",
        "/a:/proc/x",
        "/a:/sys",
        "/a:/dev/x",
        "/a:/usr/lib",
        "/a:/run/x",
        "/$(id):/b",
        "/a:/b /c:/b",
        "/a:/b'",
        "/a:/b;"
      })
  void whatCouldMeanSomethingElseIsRefused(String text) {
    assertThatThrownBy(() -> BindMount.parseAll(text)).isInstanceOf(LaminaException.class);
  }
}
