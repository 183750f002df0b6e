package org.lamina.manager.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.lamina.manager.cli.FakeTemplates;
import org.lamina.manager.cli.Samples;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.Operation;
import org.lamina.manager.core.Operations;
import org.lamina.manager.core.Task;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import tools.jackson.databind.json.JsonMapper;

/** What a request to build a template may say. */
class TemplateControllerTest {
  private final FakeTemplates templates = new FakeTemplates();
  private final List<String> submitted = new ArrayList<>();
  private final TemplateController controller = new TemplateController(templates, new AtOnce());

  TemplateControllerTest() {
    templates.views.add(Samples.unbuilt("almalinux-9"));
  }

  /** Does what is submitted before it answers. */
  private final class AtOnce implements Operations {
    @Override
    public <T> T run(String kind, String target, Listener listener, Function<Task, T> work) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Operation submit(String kind, String target, Function<Task, ?> work) {
      submitted.add(kind + " " + target);
      var _ = work.apply(new Silent());
      return new Operation(
          7, kind, target, Operation.State.RUNNING, Instant.EPOCH, null, -1, null, null);
    }

    @Override
    public Optional<Operation> find(long id) {
      return Optional.empty();
    }

    @Override
    public List<Operation> latest(int limit) {
      return List.of();
    }

    @Override
    public boolean cancel(long id) {
      return false;
    }

    @Override
    public Operation follow(long id, Listener listener) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Silent implements Task {
    @Override
    public long id() {
      return 7;
    }

    @Override
    public CompletableFuture<Void> cancelled() {
      return new CompletableFuture<>();
    }

    @Override
    public void say(String line) {}

    @Override
    public void warn(String line) {}

    @Override
    public void report(int percent, String message) {}
  }

  private void create(String name, String body) {
    TemplateController.BuildJson options =
        JsonMapper.shared().readValue(body, TemplateController.BuildJson.class);
    assertThat(controller.create(name, options).getStatusCode().value()).isEqualTo(202);
  }

  @Test
  void mirrorAndKeysReachTheBuild() {
    create(
        "almalinux-9",
        """
        {"mirror": "https://mirror.example.org/alma", "keys": ["/etc/pki/one", "/etc/pki/two"]}
        """);
    assertThat(submitted).containsExactly("create-template almalinux-9");
    assertThat(templates.calls)
        .containsExactly(
            "create almalinux-9",
            "mirror https://mirror.example.org/alma",
            "key /etc/pki/one",
            "key /etc/pki/two");
  }

  @Test
  void everythingMayBeLeftOut() {
    create("almalinux-9", "{}");
    assertThat(controller.create("almalinux-9", null).getStatusCode().value()).isEqualTo(202);
    assertThat(templates.calls).containsExactly("create almalinux-9", "create almalinux-9");
  }

  @Test
  void whatIsNoMirrorOrKeyIsRefusedBeforeAnythingBegins() {
    for (String body :
        List.of(
            "{\"mirror\": \"ssh://127.0.0.1/\"}",
            "{\"mirror\": \"\"}",
            "{\"keys\": [\"relative\"]}")) {
      assertThatThrownBy(() -> create("almalinux-9", body))
          .as(body)
          .isInstanceOfSatisfying(
              LaminaException.class,
              e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_PARAMETER));
    }
    assertThatThrownBy(() -> create("nothing", "{}")).isInstanceOf(LaminaException.class);
    assertThat(submitted).isEmpty();
    assertThat(templates.calls).isEmpty();
  }
}
