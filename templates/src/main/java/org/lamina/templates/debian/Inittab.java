package org.lamina.templates.debian;

import java.util.ArrayList;
import java.util.List;

/** The table of sysvinit. Pure. */
final class Inittab {
  private static final List<String> ADDED =
      List.of(
          "# The console of the container.",
          "co:2345:respawn:/sbin/getty --noclear --keep-baud console 115200,38400,9600 linux",
          "# SIGPWR from the host asks for an orderly end.",
          "pf::powerfail:/sbin/shutdown -h -P now");

  private Inittab() {}

  /** Without logins on screens and without the reactions to a real power supply. */
  static String forContainer(String table) {
    List<String> out = new ArrayList<>();
    for (String line : table.lines().toList()) {
      boolean drop =
          line.matches("[^#:]*:[^:]*:respawn:\\S*getty .*tty[0-9].*")
              || line.matches("[^#:]*:[^:]*:power[a-z]*:.*")
              || ADDED.contains(line);
      if (!drop) {
        out.add(line);
      }
    }
    out.addAll(ADDED);
    return String.join("\n", out) + "\n";
  }
}
