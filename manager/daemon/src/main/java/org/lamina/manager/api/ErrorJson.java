package org.lamina.manager.api;

import org.jspecify.annotations.Nullable;
import org.lamina.schema.LaminaException;

/**
 * Every error of the API.
 *
 * @param error one sentence
 * @param code name of the row of the exit-code table
 * @param exitCode its number, as the scripted commands exit with
 * @param hint what can be done, or null
 */
public record ErrorJson(String error, String code, int exitCode, @Nullable String hint) {
  static ErrorJson of(LaminaException e) {
    return new ErrorJson(e.text(), e.exitCode().name(), e.exitCode().code(), e.hint().orElse(null));
  }
}
