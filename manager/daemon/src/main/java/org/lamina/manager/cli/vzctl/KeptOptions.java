package org.lamina.manager.cli.vzctl;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.Values;
import org.lamina.manager.core.ConfigChange.Kept;
import org.lamina.schema.ByteSize;

/**
 * The user beancounters of OpenVZ that no kernel of today counts. Their values are checked and kept
 * under the option's name in upper case, so that a configuration can go back to where it came from.
 */
final class KeptOptions {
  private enum Unit {
    BYTES,
    PAGES,
    COUNT
  }

  private static final Map<String, Unit> COUNTERS = counters();
  private static final String OVERCOMMIT = "--vm_overcommit";
  private static final String MEMINFO = "--meminfo";

  private KeptOptions() {}

  private static Map<String, Unit> counters() {
    Map<String, Unit> all = new LinkedHashMap<>();
    for (String name :
        new String[] {
          "--kmemsize",
          "--dcachesize",
          "--tcpsndbuf",
          "--tcprcvbuf",
          "--othersockbuf",
          "--dgramrcvbuf"
        }) {
      all.put(name, Unit.BYTES);
    }
    for (String name :
        new String[] {
          "--lockedpages", "--privvmpages", "--shmpages", "--vmguarpages", "--oomguarpages"
        }) {
      all.put(name, Unit.PAGES);
    }
    for (String name :
        new String[] {
          "--numtcpsock",
          "--numothersock",
          "--numflock",
          "--numsiginfo",
          "--numiptent",
          "--avnumproc"
        }) {
      all.put(name, Unit.COUNT);
    }
    return all;
  }

  static OptionTable addTo(OptionTable table) {
    COUNTERS.forEach((name, unit) -> table.value("B[:L]", "kept, not enforced", name));
    return table
        .value("FACTOR", "kept, not enforced", OVERCOMMIT)
        .value("MODE", "kept, not enforced", MEMINFO);
  }

  /** What was given, by configuration key. */
  static Map<String, Kept> read(Parsed parsed) {
    Map<String, Kept> kept = new HashMap<>();
    for (String option : parsed.given()) {
      String text = parsed.get(option);
      Unit unit = COUNTERS.get(option);
      if (text != null && unit != null) {
        kept.put(key(option), new Kept(option, pair(option, text, unit)));
      }
    }
    String factor = parsed.get(OVERCOMMIT);
    if (factor != null) {
      if (!factor.matches("[0-9]{1,6}(\\.[0-9]{1,6})?")) {
        throw Values.bad(OVERCOMMIT, factor, "Write a factor such as 1.5.");
      }
      kept.put(key(OVERCOMMIT), new Kept(OVERCOMMIT, factor));
    }
    String mode = parsed.get(MEMINFO);
    if (mode != null) {
      if (!mode.matches("none|(pages|privvmpages):[0-9]{1,12}")) {
        throw Values.bad(MEMINFO, mode, "Write none, pages:N or privvmpages:N.");
      }
      kept.put(key(MEMINFO), new Kept(MEMINFO, mode));
    }
    return kept;
  }

  private static String key(String option) {
    return option.substring(2).toUpperCase(Locale.ROOT);
  }

  private static String pair(String option, String text, Unit unit) {
    String[] parts = text.split(":", -1);
    if (parts.length > 2) {
      throw Values.bad(option, text, "Write one value, or BARRIER:LIMIT.");
    }
    String barrier = number(option, parts[0], unit);
    return barrier + ":" + (parts.length == 1 ? barrier : number(option, parts[1], unit));
  }

  private static String number(String option, String text, Unit unit) {
    if (unit == Unit.COUNT) {
      return text.equals("unlimited")
          ? text
          : Long.toString(Values.whole(option, text, 0, Long.MAX_VALUE - 1));
    }
    ByteSize size = Values.size(option, text, unit == Unit.PAGES ? 4096 : 1);
    if (size.unlimited()) {
      return "unlimited";
    }
    return Long.toString(unit == Unit.PAGES ? size.pages() : size.bytes());
  }
}
