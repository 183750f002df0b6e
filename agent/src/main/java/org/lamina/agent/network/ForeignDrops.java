package org.lamina.agent.network;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds chains of others that throw away what the host should forward. */
final class ForeignDrops {
  private static final Pattern TABLE = Pattern.compile("^table (\\S+) (\\S+) \\{");
  private static final Pattern CHAIN = Pattern.compile("^\\s+chain (\\S+) \\{");
  private static final Pattern DROP = Pattern.compile("hook forward .*policy drop");

  private ForeignDrops() {}

  /**
   * One sentence per chain, with the remedy.
   *
   * @param chains as {@code nft list chains} prints them
   * @param own name of our table
   */
  static List<String> explain(String chains, String own) {
    List<String> found = new ArrayList<>();
    String family = "";
    String table = "";
    String chain = "";
    for (String line : chains.lines().toList()) {
      Matcher t = TABLE.matcher(line);
      Matcher c = CHAIN.matcher(line);
      if (t.find()) {
        family = t.group(1);
        table = t.group(2);
      } else if (c.find()) {
        chain = c.group(1);
      } else if (DROP.matcher(line).find() && !table.equals(own)) {
        found.add(
            "chain %s of table %s %s drops what the host forwards, so containers may reach neither each other nor the outside; let them through: nft insert rule %s %s %s iifname \"veth*\" accept; nft insert rule %s %s %s oifname \"veth*\" accept"
                .formatted(chain, family, table, family, table, chain, family, table, chain));
      }
    }
    return found;
  }
}
