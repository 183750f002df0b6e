package org.lamina.templates.patch.debian;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dependencies of one binary package.
 *
 * @param depends each a list of alternatives of which one must be there
 * @param against what must not be there: conflicts and breaks
 * @param provides names it also answers to
 */
record Relations(List<List<Relation>> depends, List<Relation> against, List<Relation> provides) {
  private static final Pattern RELATION =
      Pattern.compile(
          "([a-zA-Z0-9][a-zA-Z0-9+.\\-]*)(?::([a-z0-9\\-]+))?\\s*(?:\\(\\s*(<<|<=|=|>=|>>|<|>)\\s*([^\\s)]+)\\s*\\))?");

  /**
   * One name with an optional bound.
   *
   * @param relation null if any version will do
   */
  record Relation(String name, @Nullable String relation, @Nullable String version) {
    boolean matches(@Nullable String installed) {
      if (relation == null || version == null) {
        return true;
      }
      return installed != null && DebianVersion.holds(installed, relation, version);
    }

    @Override
    public String toString() {
      return relation == null ? name : name + " (" + relation + " " + version + ")";
    }
  }

  static Relations of(Stanza stanza) {
    List<List<Relation>> depends = new ArrayList<>();
    depends.addAll(clauses(stanza.field("Pre-Depends", "")));
    depends.addAll(clauses(stanza.field("Depends", "")));
    List<Relation> against = new ArrayList<>();
    clauses(stanza.field("Conflicts", "")).forEach(against::addAll);
    clauses(stanza.field("Breaks", "")).forEach(against::addAll);
    List<Relation> provides = new ArrayList<>();
    clauses(stanza.field("Provides", "")).forEach(provides::addAll);
    return new Relations(depends, against, provides);
  }

  /** What cannot be read as a relation is left out: dpkg itself has accepted the package. */
  private static List<List<Relation>> clauses(String field) {
    List<List<Relation>> out = new ArrayList<>();
    for (String clause : field.split(",")) {
      List<Relation> alternatives = new ArrayList<>();
      for (String one : clause.split("\\|")) {
        Matcher matcher = RELATION.matcher(one.strip());
        if (matcher.lookingAt()) {
          alternatives.add(new Relation(matcher.group(1), matcher.group(3), matcher.group(4)));
        }
      }
      if (!alternatives.isEmpty()) {
        out.add(List.copyOf(alternatives));
      }
    }
    return out;
  }
}
