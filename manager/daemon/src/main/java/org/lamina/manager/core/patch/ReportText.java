package org.lamina.manager.core.patch;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a report is written for people. */
public final class ReportText {
  private ReportText() {}

  /** One line without the container's number. */
  public static String line(ContainerReport r) {
    StringBuilder out = new StringBuilder(r.outcome().text());
    if (r.outcome() == Outcome.DONE) {
      out.append(", generation ").append(r.from()).append(" -> ").append(r.to());
      out.append(" (").append(r.way());
      if (r.readOnlyMicros() > 0) {
        out.append(String.format(Locale.ROOT, ", read-only %.1f ms", r.readOnlyMicros() / 1000.0));
      }
      out.append(", ").append(r.millis()).append(" ms)");
    }
    @Nullable String error = r.error();
    if (error != null) {
      out.append(": ").append(error);
    }
    append(out, r.reexecuted(), "re-executed ");
    append(out, r.restarted(), "restarted ");
    if (!r.stale().isEmpty()) {
      out.append("; ").append(count(r.stale().size(), "process", "es")).append(" on old code");
    }
    if (!r.remaining().isEmpty()) {
      out.append("; still old: ").append(count(r.remaining().size(), "thing", "s"));
    }
    return out.toString();
  }

  private static void append(StringBuilder out, List<String> words, String before) {
    if (!words.isEmpty()) {
      out.append("; ").append(before).append(String.join(" ", words));
    }
  }

  private static String count(int n, String one, String ending) {
    return n + " " + one + (n == 1 ? "" : ending);
  }
}
