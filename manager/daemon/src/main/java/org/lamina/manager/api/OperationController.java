package org.lamina.manager.api;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.Operation;
import org.lamina.manager.core.Operations;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Operations: what runs, what ran, and what is said meanwhile. */
@RestController
@RequestMapping("/v1/operations")
final class OperationController {
  private static final int MOST = 1000;

  private final Operations operations;
  private final JsonMapper json;

  OperationController(Operations operations, JsonMapper json) {
    this.operations = operations;
    this.json = json;
  }

  /**
   * One line of the event stream.
   *
   * @param type {@code say}, {@code warn}, {@code progress}, or {@code end}, which comes last
   * @param percent of {@code progress} only, -1 where unknown
   * @param operation of {@code end} only
   */
  record EventJson(
      String type,
      @Nullable String text,
      @Nullable Integer percent,
      @Nullable OperationJson operation) {}

  @GetMapping
  List<OperationJson> list(@RequestParam(defaultValue = "50") int limit) {
    return operations.latest(Math.clamp(limit, 1, MOST)).stream().map(OperationJson::of).toList();
  }

  @GetMapping("/{id}")
  OperationJson get(@PathVariable long id) {
    return OperationJson.of(require(id));
  }

  @PostMapping("/{id}/cancel")
  @ResponseStatus(HttpStatus.ACCEPTED)
  OperationJson cancel(@PathVariable long id) {
    if (!operations.cancel(id)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "operation " + id + " is not running: it is " + require(id).state());
    }
    return OperationJson.of(require(id));
  }

  /** Newline-delimited JSON until the operation ends or the reader goes away. */
  @GetMapping("/{id}/events")
  void events(@PathVariable long id, HttpServletResponse response)
      throws IOException, InterruptedException {
    var _ = require(id);
    response.setContentType("application/x-ndjson");
    response.setCharacterEncoding("UTF-8");
    Writer writer = new Writer(response);
    try {
      Operation ended = operations.follow(id, writer);
      writer.write(new EventJson("end", null, null, OperationJson.of(ended)));
    } catch (UncheckedIOException e) {
      // the reader went away, which ends nothing but the reading
    }
  }

  private Operation require(long id) {
    return operations
        .find(id)
        .orElseThrow(
            () -> new LaminaException(ExitCode.BAD_PARAMETER, "there is no operation " + id));
  }

  private final class Writer implements Listener {
    private final HttpServletResponse response;

    Writer(HttpServletResponse response) {
      this.response = response;
    }

    @Override
    public void say(String line) {
      write(new EventJson("say", line, null, null));
    }

    @Override
    public void warn(String line) {
      write(new EventJson("warn", line, null, null));
    }

    @Override
    public void report(int percent, String message) {
      write(new EventJson("progress", message, percent, null));
    }

    void write(EventJson event) {
      try {
        response.getOutputStream().write(json.writeValueAsBytes(event));
        response.getOutputStream().write('\n');
        response.flushBuffer();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
