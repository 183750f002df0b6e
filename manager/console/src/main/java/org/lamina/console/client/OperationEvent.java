package org.lamina.console.client;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * One line of an operation's story.
 *
 * @param type {@code say}, {@code warn}, {@code progress} or {@code end}, which comes last
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record OperationEvent(
    String type,
    @Nullable String text,
    @Nullable Integer percent,
    @Nullable OperationInfo operation) {
  /** The line, or nothing. */
  public String line() {
    return text == null ? "" : text;
  }
}
