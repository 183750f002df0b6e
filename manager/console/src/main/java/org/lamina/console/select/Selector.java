package org.lamina.console.select;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * A set of containers in words: terms separated by commas, of which one has to hold.
 *
 * <pre>
 *   101             one by id            web1            one by name
 *   101-140         ids from to          web*            names by pattern, * and ?
 *   all             every one            state:running   by state
 *   template:NAME   by template          generation:2    by generation of the template
 *   label:KEY=VALUE by label         label:KEY       labelled so, whatever the value
 *   !TERM           not these
 * </pre>
 *
 * Several terms with a colon narrow each other down: {@code template:debian-12,state:running} are
 * the running ones of that template. Ids and names that are written out have to exist.
 */
public final class Selector {
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,10})-([0-9]{1,10})");
  private static final Pattern ATTRIBUTE =
      Pattern.compile("(state|template|generation|label):(.+)", Pattern.DOTALL);

  /** A term and whether something has to match it. */
  private record Term(String text, boolean exact, Predicate<Selectable> holds) {}

  private final String text;
  private final List<Term> any = new ArrayList<>();
  private final List<Term> each = new ArrayList<>();
  private final List<Term> not = new ArrayList<>();

  private Selector(String text) {
    this.text = text;
  }

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  public static Selector parse(String text) {
    Selector selector = new Selector(text);
    for (String part : text.split(",", -1)) {
      String term = part.strip();
      if (term.isEmpty()) {
        throw bad("an empty term in the selector " + Printable.shorten(text, 80));
      }
      if (term.startsWith("!")) {
        selector.not.add(term(term.substring(1)));
      } else if (ATTRIBUTE.matcher(term).matches()) {
        selector.each.add(term(term));
      } else {
        selector.any.add(term(term));
      }
    }
    return selector;
  }

  private static Term term(String text) {
    Matcher attribute = ATTRIBUTE.matcher(text);
    if (attribute.matches()) {
      String value = attribute.group(2);
      if (attribute.group(1).equals("label")) {
        return label(text, value);
      }
      Pattern glob = glob(value);
      return switch (attribute.group(1)) {
        case "state" -> pattern(text, c -> glob.matcher(c.status()).matches());
        case "template" -> pattern(text, c -> glob.matcher(c.template()).matches());
        default -> pattern(text, c -> glob.matcher(Integer.toString(c.generation())).matches());
      };
    }
    Matcher range = RANGE.matcher(text);
    if (range.matches()) {
      long from = Long.parseLong(range.group(1));
      long to = Long.parseLong(range.group(2));
      if (from > to) {
        throw bad("the range " + text + " is empty: write the smaller id first");
      }
      return pattern(text, c -> (c.ctid() >= from && c.ctid() <= to) || text.equals(c.name()));
    }
    if (text.equals("all")) {
      return pattern(text, c -> true);
    }
    if (text.indexOf('*') >= 0 || text.indexOf('?') >= 0) {
      Pattern glob = glob(text);
      return pattern(
          text,
          c -> {
            String name = c.name();
            return name != null && glob.matcher(name).matches();
          });
    }
    if (Ctid.looksNumeric(text)) {
      int ctid = Ctid.parse(text).value();
      return new Term(text, true, c -> c.ctid() == ctid);
    }
    return new Term(text, true, c -> text.equals(c.name()));
  }

  private static Term label(String text, String label) {
    int equals = label.indexOf('=');
    Pattern key = glob(equals < 0 ? label : label.substring(0, equals));
    Pattern value = glob(equals < 0 ? "*" : label.substring(equals + 1));
    return pattern(
        text,
        c ->
            c.labels().entrySet().stream()
                .anyMatch(l ->
                    key.matcher(l.getKey()).matches() && value.matcher(l.getValue()).matches()));
  }

  private static Term pattern(String text, Predicate<Selectable> holds) {
    return new Term(text, false, holds);
  }

  private static Pattern glob(String text) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /**
   * Those of the containers that are meant, by id.
   *
   * @throws LaminaException NO_CONTAINER_CONFIG for an id and BAD_PARAMETER for a name that is
   *     written out and does not exist, BAD_PARAMETER if nothing matches
   */
  public <T extends Selectable> List<T> of(List<T> containers) {
    for (Term term : any) {
      if (term.exact() && containers.stream().noneMatch(term.holds())) {
        throw missing(term.text());
      }
    }
    List<T> found =
        containers.stream()
            .filter(c -> any.isEmpty() || any.stream().anyMatch(t -> t.holds().test(c)))
            .filter(c -> each.stream().allMatch(t -> t.holds().test(c)))
            .filter(c -> not.stream().noneMatch(t -> t.holds().test(c)))
            .sorted(Comparator.comparingInt(Selectable::ctid))
            .toList();
    if (found.isEmpty()) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "no container matches " + Printable.shorten(text, 80),
          "Those that are there are shown by: container list");
    }
    return found;
  }

  private static LaminaException missing(String term) {
    return Ctid.looksNumeric(term)
        ? new LaminaException(
            ExitCode.NO_CONTAINER_CONFIG,
            "there is no container " + term,
            "Those that are there are shown by: container list")
        : new LaminaException(
            ExitCode.BAD_PARAMETER,
            "there is no container named " + Printable.shorten(term, 64),
            "Those that are there are shown by: container list");
  }

  private static LaminaException bad(String message) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER,
        message,
        "Write ids, ranges, names or patterns separated by commas: 101-140,web*");
  }
}
