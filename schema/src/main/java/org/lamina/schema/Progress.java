package org.lamina.schema;

/**
 * Where long work tells how far it is. Implementations are thread safe, return at once and never
 * throw; what is shown to whom is the listener's business.
 */
@FunctionalInterface
public interface Progress {
  Progress SILENT = (percent, message) -> {};

  /**
   * @param percent 0..100, or -1 where the amount of work is unknown
   * @param message one line without control characters
   */
  void report(int percent, String message);

  /** A step whose share of the work is unknown. */
  default void step(String message) {
    report(-1, message);
  }
}
