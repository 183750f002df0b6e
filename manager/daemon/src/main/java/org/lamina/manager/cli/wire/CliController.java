package org.lamina.manager.cli.wire;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lamina.manager.cli.Program;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The scripted commands' door: arguments in, a stream of frames out. */
@RestController
public final class CliController {
  private final Map<String, Program> programs;
  private final CallerPort callers;
  private final Sessions sessions;
  private final PeerUid peers;

  public CliController(
      List<Program> programs, CallerPort callers, Sessions sessions, PeerUid peers) {
    this.programs =
        programs.stream().collect(Collectors.toUnmodifiableMap(Program::name, Function.identity()));
    this.callers = callers;
    this.sessions = sessions;
    this.peers = peers;
  }

  /** Runs a program to its end; the response is flushed with every frame. */
  @PostMapping("/v1/cli/{program}")
  public void run(
      @PathVariable String program, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    byte[] body = request.getInputStream().readNBytes(ArgumentBody.LONGEST + 1);
    response.setContentType("application/x-lamina-frames");
    FrameWriter frames = new FrameWriter(response.getOutputStream());
    new CliRun(programs, callers, sessions)
        .run(program, body, request::getHeader, peers.of(request), frames);
  }

  /** Passes a signal to a session of the same user. */
  @PostMapping("/v1/sessions/{id}/signal/{number}")
  public ResponseEntity<Void> signal(
      @PathVariable String id, @PathVariable int number, HttpServletRequest request) {
    if (number < 1 || number > 64) {
      return ResponseEntity.badRequest().build();
    }
    return sessions.signal(id, peers.of(request), number)
        ? ResponseEntity.noContent().build()
        : ResponseEntity.notFound().build();
  }
}
