package org.lamina.templates;

import java.util.List;
import java.util.regex.Pattern;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * What the next generation of a template shall differ in.
 *
 * @param dryRun only find out; nothing is published
 */
public record UpdateRequest(Scope scope, boolean dryRun) {
  /** How much is updated. */
  public sealed interface Scope {}

  /** Every package to the newest version that the template's suites have. */
  public record Everything() implements Scope {}

  /** Only versions that come from a suite of security updates. */
  public record Security() implements Scope {}

  /**
   * Named packages with what they need.
   *
   * @param names {@code NAME[:ARCHITECTURE][=VERSION]}; one that is not installed is added
   */
  public record Packages(List<String> names) implements Scope {
    // A trailing minus would tell apt to remove the package.
    private static final Pattern FORM =
        Pattern.compile(
            "[A-Za-z0-9][A-Za-z0-9_+.-]{0,126}[A-Za-z0-9_+.](:[a-z0-9_-]{0,30}[a-z0-9])?"
                + "(=[0-9A-Za-z_.+:~^-]{0,200}[0-9A-Za-z_.+~^])?");

    /**
     * @throws LaminaException BAD_PARAMETER if there are none, too many or one of a bad form
     */
    public Packages {
      names = List.copyOf(names);
      if (names.isEmpty() || names.size() > 1000) {
        throw bad("between 1 and 1000 packages must be named");
      }
      for (String name : names) {
        if (!FORM.matcher(name).matches()) {
          throw bad("bad package \"" + Printable.shorten(name, 80) + "\"");
        }
      }
    }
  }

  /**
   * A program of the operator that runs inside the build container as root.
   *
   * @param text a script with its {@code #!} line, or for {@code sh} without one
   */
  public record Script(String text) implements Scope {
    private static final int LONGEST = 1 << 20;

    /**
     * @throws LaminaException BAD_PARAMETER if it is blank or longer than 1 MiB
     */
    public Script {
      if (text.isBlank() || text.length() > LONGEST) {
        throw bad("the script must have 1 to " + LONGEST + " characters");
      }
    }
  }

  public static UpdateRequest everything() {
    return new UpdateRequest(new Everything(), false);
  }

  public static UpdateRequest security() {
    return new UpdateRequest(new Security(), false);
  }

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  public static UpdateRequest packages(List<String> names) {
    return new UpdateRequest(new Packages(names), false);
  }

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  public static UpdateRequest script(String text) {
    return new UpdateRequest(new Script(text), false);
  }

  /** The same without publishing anything. */
  public UpdateRequest asDryRun() {
    return new UpdateRequest(scope, true);
  }

  /** Names of the packages that the operator named; none for other scopes. */
  public List<String> named() {
    return scope instanceof Packages packages
        ? packages.names().stream().map(word -> word.split("[:=]", 2)[0]).toList()
        : List.of();
  }

  /** One phrase for histories. */
  public String describe() {
    return switch (scope) {
      case Everything _ -> "all packages";
      case Security _ -> "security updates";
      case Packages p -> Printable.shorten("packages " + String.join(" ", p.names()), 400);
      case Script _ -> "a script";
    };
  }

  private static LaminaException bad(String what) {
    return new LaminaException(ExitCode.BAD_PARAMETER, "cannot update a template: " + what);
  }
}
