package org.lamina.schema;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much of the disk one container may take; null where nothing was asked for. The hard limit is
 * never exceeded; the soft one may be for the grace time, where the layout of its files knows that.
 *
 * @param softSpace bytes, at most {@code space}; null exactly if that is
 * @param space bytes, {@link Long#MAX_VALUE} for unlimited
 * @param softInodes files and directories, at most {@code inodes}; null exactly if that is
 * @param inodes files and directories, {@link Long#MAX_VALUE} for unlimited
 * @param grace seconds for which a soft limit may be exceeded
 */
public record DiskLimits(
    @Nullable Long softSpace,
    @Nullable Long space,
    @Nullable Long softInodes,
    @Nullable Long inodes,
    @Nullable Integer grace) {
  public static final DiskLimits NONE = new DiskLimits(null, null, null, null, null);

  /** Keys of a configuration file. */
  public static final Set<String> KEYS = Set.of("DISKSPACE", "DISKINODES", "QUOTATIME");

  /** Less than this holds neither the journal of an image nor what a start writes. */
  public static final long LEAST_SPACE = 32L << 20;

  public static final long LEAST_INODES = 128;

  /** Beyond what any file system of today holds, and far from an overflow. */
  public static final long MOST_SPACE = 1L << 60;

  public static final int MOST_GRACE = 10 * 365 * 86_400;
  private static final long KIB = 1024;

  /** A pair of a soft and a hard limit. */
  public record Pair(long soft, long hard) {}

  /** These limits with every value that {@code change} gives put over them. */
  public DiskLimits with(DiskLimits change) {
    boolean spaceAsked = change.space != null;
    boolean inodesAsked = change.inodes != null;
    return new DiskLimits(
        spaceAsked ? change.softSpace : softSpace,
        spaceAsked ? change.space : space,
        inodesAsked ? change.softInodes : softInodes,
        inodesAsked ? change.inodes : inodes,
        change.grace != null ? change.grace : grace);
  }

  /** The same with that much more wherever there is a limit. */
  public DiskLimits plus(long bytes, long files) {
    return new DiskLimits(
        more(softSpace, bytes),
        more(space, bytes),
        more(softInodes, files),
        more(inodes, files),
        grace);
  }

  private static @Nullable Long more(@Nullable Long limit, long by) {
    return limit == null || limit == Long.MAX_VALUE ? limit : Long.valueOf(limit + by);
  }

  public boolean limitsSpace() {
    return space != null && space != Long.MAX_VALUE;
  }

  public boolean limitsInodes() {
    return inodes != null && inodes != Long.MAX_VALUE;
  }

  /** Whether there is a soft limit of its own below a hard one. */
  public boolean hasSoft() {
    return (softSpace != null && !softSpace.equals(space))
        || (softInodes != null && !softInodes.equals(inodes));
  }

  /** From values read one by one. */
  public static DiskLimits of(
      @Nullable Pair space, @Nullable Pair inodes, @Nullable Integer grace) {
    return new DiskLimits(
        space == null ? null : Long.valueOf(space.soft()),
        space == null ? null : Long.valueOf(space.hard()),
        inodes == null ? null : Long.valueOf(inodes.soft()),
        inodes == null ? null : Long.valueOf(inodes.hard()),
        grace);
  }

  /** Reads the values of a configuration file; what is too small there is raised to the least. */
  public static DiskLimits read(LimitKeys.Source keys) {
    return of(
        keys.take("DISKSPACE", t -> raised(space(t), LEAST_SPACE)),
        keys.take("DISKINODES", t -> raised(inodes(t), LEAST_INODES)),
        keys.take("QUOTATIME", DiskLimits::grace));
  }

  private static Pair raised(Pair pair, long least) {
    return new Pair(Math.max(pair.soft(), least), Math.max(pair.hard(), least));
  }

  /** Puts every key, null for those that are not limited. */
  public void render(Map<String, @Nullable String> values) {
    values.put("DISKSPACE", text(softSpace, space, KIB));
    values.put("DISKINODES", text(softInodes, inodes, 1));
    values.put("QUOTATIME", grace == null ? null : grace.toString());
  }

  /**
   * {@code SOFT:HARD} or one value for both; a bare number counts KiB.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static Pair space(String text) {
    String[] parts = parts(text);
    Pair pair = pair(text, bytes(parts[0]), bytes(parts[parts.length - 1]));
    if (pair.hard() != Long.MAX_VALUE && pair.hard() > MOST_SPACE) {
      throw bad(text, "It is more than any file system holds.");
    }
    return pair;
  }

  /**
   * {@code SOFT:HARD} or one value for both, without suffix.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static Pair inodes(String text) {
    String[] parts = parts(text);
    return pair(text, count(parts[0]), count(parts[parts.length - 1]));
  }

  /**
   * Seconds.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static int grace(String text) {
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) > MOST_GRACE) {
      throw bad(text, "Write whole seconds from 0 to " + MOST_GRACE + ".");
    }
    return Integer.parseInt(text);
  }

  private static Pair pair(String text, long soft, long hard) {
    if (soft > hard) {
      throw bad(text, "The soft limit before the colon is at most the hard one after it.");
    }
    return new Pair(soft, hard);
  }

  private static String[] parts(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length > 2) {
      throw bad(text, "Write one value, or SOFT:HARD.");
    }
    return parts;
  }

  private static long bytes(String text) {
    ByteSize size = ByteSize.parse(text, KIB);
    return size.unlimited() ? Long.MAX_VALUE : (size.bytes() + KIB - 1) / KIB * KIB;
  }

  private static long count(String text) {
    if (text.equals("unlimited")) {
      return Long.MAX_VALUE;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw bad(text, "Write a whole number without suffix, or unlimited.");
    }
    return Long.parseLong(text);
  }

  private static @Nullable String text(@Nullable Long soft, @Nullable Long hard, long unit) {
    return soft == null || hard == null ? null : number(soft, unit) + ":" + number(hard, unit);
  }

  private static String number(long value, long unit) {
    return value == Long.MAX_VALUE ? "unlimited" : Long.toString(value / unit);
  }

  private static LaminaException bad(String text, String hint) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER, "bad disk limit " + Printable.shorten(text, 40), hint);
  }
}
