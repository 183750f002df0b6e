package org.lamina.manager.api;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.lamina.manager.core.Events;
import org.lamina.manager.core.HostEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** What happens on the host, from the moment somebody asks. */
@RestController
@RequestMapping("/v1/events")
final class EventController {
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private final Events events;
  private final JsonMapper json;

  EventController(Events events, JsonMapper json) {
    this.events = events;
    this.json = json;
  }

  /** A daemon that ends does not wait for those who only listen. */
  @EventListener(ContextClosedEvent.class)
  void end() {
    events.end();
  }

  /** One line of the stream. */
  record EventJson(Instant at, String type, String target, String text) {
    static EventJson of(HostEvent e) {
      return new EventJson(e.at(), e.type().word(), e.target(), e.text());
    }
  }

  /**
   * Newline-delimited JSON until the reader goes away. An empty line comes where nothing happened
   * for a while: writing is how a reader that went away is noticed.
   */
  @GetMapping
  void follow(HttpServletResponse response) throws InterruptedException {
    try (Events.Follower follower = events.follow()) {
      response.setContentType("application/x-ndjson");
      response.setCharacterEncoding("UTF-8");
      response.flushBuffer();
      while (!follower.ended()) {
        Optional<HostEvent> event = follower.next(SILENCE);
        if (event.isPresent()) {
          response.getOutputStream().write(json.writeValueAsBytes(EventJson.of(event.get())));
        }
        response.getOutputStream().write('\n');
        response.flushBuffer();
      }
    } catch (IOException e) {
      // the reader went away, which ends nothing but the reading
    }
  }
}
