package org.lamina.templates.rpm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.patch.rpm.Evr;
import org.lamina.templates.patch.rpm.Holds;
import org.lamina.templates.tree.LayerView;

/**
 * What a generation itself locks by versionlock or excludes in dnf's settings: its updates leave
 * that alone, as its own dnf would. Immutable.
 *
 * @param offers newest version of each package that is locked out, by name
 * @param excluded the very packages that must not come, as dnf names them
 */
record TemplateLocks(Holds holds, Map<String, String> offers, List<String> excluded) {
  private static final int LONGEST = 1 << 20;
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._+~^:-]{1,255}");

  static TemplateLocks of(LayerView generation) throws IOException {
    Holds holds = Holds.parse(texts(generation, Holds.LOCKS), texts(generation, Holds.SETTINGS));
    return new TemplateLocks(holds, Map.of(), List.of());
  }

  private static List<String> texts(LayerView generation, List<String> paths) throws IOException {
    List<String> out = new ArrayList<>();
    for (String path : paths) {
      generation.read(path, LONGEST).ifPresent(out::add);
    }
    return out;
  }

  boolean isEmpty() {
    return holds.isEmpty();
  }

  /**
   * The same with what they keep away.
   *
   * @param available lines of name, version and architecture of what could come
   */
  TemplateLocks against(String available) {
    Map<String, String> newest = new TreeMap<>();
    List<String> named = new ArrayList<>();
    for (String line : available.lines().toList()) {
      String[] words = line.split("\t", -1);
      if (words.length == 3
          && List.of(words).stream().allMatch(w -> WORD.matcher(w).matches())
          && holds.against(words[0], Evr.parse(words[1]), words[2])) {
        named.add(words[0] + "-" + words[1] + "." + words[2]);
        newest.merge(
            words[0],
            Evr.parse(words[1]).text(),
            (a, b) -> Evr.parse(a).compareTo(Evr.parse(b)) < 0 ? b : a);
      }
    }
    return new TemplateLocks(holds, Map.copyOf(newest), List.copyOf(named));
  }

  /**
   * @throws LaminaException BAD_PARAMETER if the operator named one of them
   */
  void refuse(String what, UpdateRequest request) {
    for (String name : request.named()) {
      if (offers.containsKey(name)) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER,
            what + ": the template itself locks or excludes " + name,
            "Take that out of its versionlock.list or dnf.conf: vzpkg update cache TEMPLATE --run"
                + " FILE.");
      }
    }
  }
}
