package org.lamina.agent;

/**
 * How a container's init ended.
 *
 * @param kind why
 * @param status exit code or, from 128 upwards, 128 + signal number
 */
public record ExitCause(Kind kind, int status) {
  public enum Kind {
    /** Halt or power-off from the inside or asked for. */
    HALTED,
    /** The inside asked for a reboot. */
    REBOOT,
    /** Init was killed from outside. */
    KILLED,
    /** Init returned or died by itself, which no init should. */
    DIED
  }
}
