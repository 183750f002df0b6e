package org.lamina.manager.api;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Gives every failure the one shape of {@link ErrorJson} and the right HTTP status. */
@RestControllerAdvice
final class ErrorAdvice {
  private static final Logger log = System.getLogger(ErrorAdvice.class.getName());

  @ExceptionHandler
  ResponseEntity<ErrorJson> lamina(LaminaException e) {
    return ResponseEntity.status(status(e.exitCode())).body(ErrorJson.of(e));
  }

  @ExceptionHandler
  ResponseEntity<ErrorJson> unreadable(HttpMessageNotReadableException e) {
    String why = e.getMostSpecificCause().getMessage();
    return lamina(
        new LaminaException(
            ExitCode.BAD_PARAMETER,
            "the request's body is not the JSON that is expected: "
                + Printable.shorten(why == null ? "" : why.lines().findFirst().orElse(""), 200)));
  }

  @ExceptionHandler
  ResponseEntity<ErrorJson> other(Exception e) {
    if (e instanceof ErrorResponse response) {
      String detail = response.getBody().getDetail();
      return ResponseEntity.status(response.getStatusCode())
          .body(
              new ErrorJson(
                  detail == null ? "bad request" : Printable.shorten(detail, 200),
                  ExitCode.USAGE.name(),
                  ExitCode.USAGE.code(),
                  null));
    }
    log.log(Level.ERROR, "a request failed", e);
    return ResponseEntity.internalServerError()
        .body(
            new ErrorJson(
                Printable.shorten(e.toString(), 300),
                ExitCode.SYSTEM.name(),
                ExitCode.SYSTEM.code(),
                "The daemon's log says more."));
  }

  static HttpStatus status(ExitCode code) {
    return switch (code) {
      case NO_CONTAINER_CONFIG, PRIVATE_MISSING, TEMPLATE_NOT_FOUND, SAMPLE_MISSING ->
          HttpStatus.NOT_FOUND;
      case LOCKED,
          NOT_RUNNING,
          ALREADY_RUNNING,
          NOT_MOUNTED,
          ALREADY_MOUNTED,
          PRIVATE_EXISTS,
          TEMPLATE_IN_USE,
          TEMPLATE_EXISTS,
          START_DISABLED,
          NOT_OWNER ->
          HttpStatus.CONFLICT;
      case USAGE, BAD_PARAMETER, NO_TEMPLATE_NAMED, BAD_HOSTNAME, NAME_FAILED ->
          HttpStatus.BAD_REQUEST;
      case PERMISSION_DENIED -> HttpStatus.FORBIDDEN;
      case DISK_FULL -> HttpStatus.INSUFFICIENT_STORAGE;
      case TIMEOUT, WAIT_FAILED -> HttpStatus.GATEWAY_TIMEOUT;
      default -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }
}
