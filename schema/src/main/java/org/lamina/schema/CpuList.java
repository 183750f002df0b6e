package org.lamina.schema;

import java.util.BitSet;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A set of CPUs or memory nodes by number, as cpuset files write it: {@code 0-2,7}. Equal sets are
 * equal whatever their spelling.
 *
 * @param text normal form; {@code all} for every one the host has, {@code auto} for those that
 *     belong to the chosen memory nodes
 */
public record CpuList(String text) {
  public static final CpuList ALL = new CpuList("all");
  public static final CpuList AUTO = new CpuList("auto");

  /** Above what any kernel is built for. */
  private static final int MAX = 8191;

  private static final Pattern FORM =
      Pattern.compile("[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*");

  public CpuList {
    if (!text.equals("all") && !text.equals("auto")) {
      text = write(read(text));
    }
  }

  public static CpuList of(BitSet numbers) {
    return new CpuList(write(numbers));
  }

  public boolean isAll() {
    return text.equals("all");
  }

  public boolean isAuto() {
    return text.equals("auto");
  }

  /** The numbers; not for {@code all} and {@code auto}. */
  public BitSet numbers() {
    return read(text);
  }

  private static BitSet read(String text) {
    if (text.length() > 4096 || !FORM.matcher(text).matches()) {
      throw bad(text);
    }
    BitSet numbers = new BitSet();
    for (String part : text.split(",")) {
      int dash = part.indexOf('-');
      int from = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int to = dash < 0 ? from : Integer.parseInt(part.substring(dash + 1));
      if (to < from || to > MAX) {
        throw bad(text);
      }
      numbers.set(from, to + 1);
    }
    return numbers;
  }

  private static String write(BitSet numbers) {
    StringJoiner text = new StringJoiner(",");
    for (int from = numbers.nextSetBit(0); from >= 0; ) {
      int to = numbers.nextClearBit(from) - 1;
      text.add(to == from ? Integer.toString(from) : from + "-" + to);
      from = numbers.nextSetBit(to + 1);
    }
    return text.toString();
  }

  /**
   * At most {@code count} of some numbers, next to each other where that is possible.
   *
   * @param turn different containers give different numbers here, so that they spread
   */
  public static BitSet some(BitSet numbers, int count, int turn) {
    int[] all = numbers.stream().toArray();
    if (count >= all.length) {
      return numbers;
    }
    BitSet chosen = new BitSet();
    long start = (long) turn * count;
    IntStream.range(0, count).forEach(i -> chosen.set(all[(int) ((start + i) % all.length)]));
    return chosen;
  }

  private static LaminaException bad(String text) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER,
        "bad list of numbers " + Printable.shorten(text, 40),
        "Write numbers and ranges such as 0-2,7, or all.");
  }

  @Override
  public String toString() {
    return text;
  }
}
