package org.lamina.manager.api;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Operation;
import org.springframework.http.ResponseEntity;

/** An operation in the API; see {@link Operation} for the fields. */
public record OperationJson(
    long id,
    String kind,
    String target,
    String state,
    Instant started,
    @Nullable Instant ended,
    int percent,
    @Nullable String message,
    @Nullable Integer exitCode) {
  static OperationJson of(Operation o) {
    return new OperationJson(
        o.id(),
        o.kind(),
        o.target(),
        o.state().name(),
        o.started(),
        o.ended(),
        o.percent(),
        o.message(),
        o.exitCode());
  }

  static ResponseEntity<OperationJson> accepted(Operation o) {
    return ResponseEntity.accepted().location(URI.create("/v1/operations/" + o.id())).body(of(o));
  }
}
