package org.lamina.templates.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.tree.LayerView;

class TemplateLocksTest {
  private static final String OFFERS =
      """
      less\t0:590-3.el9\tx86_64
      less\t0:590-4.el9\tx86_64
      zlib\t0:1.3-1.el9\tx86_64
      iputils\t0:2024-1.el9\tx86_64
      less\t$(reboot)-1\tx86_64
      """;

  @TempDir private Path root;

  private TemplateLocks locks() throws IOException {
    return TemplateLocks.of(new LayerView(List.of(root)));
  }

  @Test
  void whatTheTemplateLocksOrExcludesStaysAway() throws IOException {
    Files.createDirectories(root.resolve("etc/dnf/plugins"));
    assertThat(locks().isEmpty()).isTrue();
    Files.writeString(root.resolve("etc/dnf/plugins/versionlock.list"), "less-0:590-3.el9.*\n");
    Files.writeString(root.resolve("etc/dnf/dnf.conf"), "[main]\nexclude=iputils*\n");

    TemplateLocks seen = locks().against(OFFERS);

    assertThat(seen.isEmpty()).isFalse();
    assertThat(seen.excluded())
        .as("a version that the lock names may come")
        .containsExactly("less-0:590-4.el9.x86_64", "iputils-0:2024-1.el9.x86_64");
    assertThat(seen.offers())
        .containsOnlyKeys("less", "iputils")
        .containsEntry("less", "590-4.el9");
    seen.refuse("cannot update", UpdateRequest.packages(List.of("zlib")));
    assertThatThrownBy(
            () -> seen.refuse("cannot update", UpdateRequest.packages(List.of("less=590-4.el9"))))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_PARAMETER))
        .hasMessageContaining("locks or excludes less");
  }
}
