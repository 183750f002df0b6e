package org.lamina.agent;

/**
 * One thing that the kernel or the disk of this host can do or cannot, as a trial showed.
 *
 * @param name a few words
 * @param verdict whether containers do without it
 * @param found what the trial showed, or what the kernel answered
 * @param advice how to mend it; empty when there is nothing to mend
 */
public record HostFeature(String name, Verdict verdict, String found, String advice) {
  /** What the trial means. */
  public enum Verdict {
    /** It is there, or there is something as good. */
    GOOD,
    /** Containers run, and something is missing. */
    LACKING,
    /** No container can run. */
    VITAL
  }

  /** Something that is there. */
  public static HostFeature good(String name, String found) {
    return new HostFeature(name, Verdict.GOOD, found, "");
  }
}
