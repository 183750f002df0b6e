package org.lamina.templates.definition;

/** Why one definition cannot be used; the message names the key and is printable. */
public final class InvalidDefinitionException extends Exception {
  InvalidDefinitionException(String reason) {
    super(reason);
  }

  /** The message, always present. */
  public String reason() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
