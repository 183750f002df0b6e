package org.lamina.manager.core.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * In which portions a roll-out reaches its containers.
 *
 * @param steps how many containers are done at the end of each wave, counted from the first wave
 */
public record Waves(List<Step> steps) {
  private static final Pattern STEP = Pattern.compile("([0-9]{1,9})(%?)");

  /** One canary, then a tenth, then everybody. */
  public static final Waves DEFAULT = parse("1,10%,100%");

  /**
   * @param amount containers from 1, or percent 1..100
   */
  public record Step(int amount, boolean percent) {
    int of(int all) {
      return percent ? (int) ((all * (long) amount + 99) / 100) : amount;
    }

    @Override
    public String toString() {
      return amount + (percent ? "%" : "");
    }
  }

  public Waves {
    steps = List.copyOf(steps);
  }

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  public static Waves parse(String text) {
    List<Step> steps = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      Matcher m = STEP.matcher(word.strip());
      int amount = m.matches() ? Integer.parseInt(m.group(1)) : 0;
      boolean percent = amount > 0 && !m.group(2).isEmpty();
      if (amount == 0 || (percent && amount > 100)) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER,
            "bad value for --waves: '" + Printable.shorten(text, 40) + "'",
            "Write numbers of containers or percentages, such as 1,10%,100%.");
      }
      steps.add(new Step(amount, percent));
    }
    return new Waves(steps);
  }

  /** Whoever is left after the last step forms one more wave; waves are never empty. */
  public <T> List<List<T>> split(List<T> all) {
    List<List<T>> out = new ArrayList<>();
    int done = 0;
    for (Step step : steps) {
      int end = Math.min(all.size(), step.of(all.size()));
      if (end > done) {
        out.add(List.copyOf(all.subList(done, end)));
        done = end;
      }
    }
    if (done < all.size()) {
      out.add(List.copyOf(all.subList(done, all.size())));
    }
    return out;
  }

  @Override
  public String toString() {
    return String.join(",", steps.stream().map(Step::toString).toList());
  }
}
