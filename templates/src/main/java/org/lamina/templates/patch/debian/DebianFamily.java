package org.lamina.templates.patch.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.templates.patch.DeltaContent;
import org.lamina.templates.patch.DeltaEntry;
import org.lamina.templates.patch.DeltaTree;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.PackageFamily;
import org.lamina.templates.patch.PathChange;
import org.lamina.templates.patch.TemplateTree;

/** Debian and what descends from it. */
public final class DebianFamily implements PackageFamily {
  static final int LONGEST = 64 << 20;

  /** Read from the template once, and from the containers that have their own. */
  private static final List<String> TABLES =
      List.of(DebianPaths.DIVERSIONS, DebianPaths.STATOVERRIDE, "etc/passwd", "etc/group");

  private final GenerationDiff diff;
  private final Map<String, String> baseTables = new HashMap<>();
  private final StatusDiff statuses;
  private final Map<String, Stanza> known = new HashMap<>();
  private final Roles roles;
  private final Set<Dependencies.Problem> baseProblems;

  /**
   * @throws IOException if a generation has no package database
   */
  public DebianFamily(GenerationDiff diff, TemplateTree base, TemplateTree next)
      throws IOException {
    this.diff = diff;
    for (String table : TABLES) {
      baseTables.put(table, text(base, table));
    }
    DpkgStatus baseStatus = DpkgStatus.parse(text(base, DebianPaths.STATUS));
    baseStatus.packages().values().forEach(s -> known.put(s.text(), s));
    DpkgStatus nextStatus = DpkgStatus.parse(text(next, DebianPaths.STATUS), known);
    nextStatus.packages().values().forEach(s -> known.put(s.text(), s));
    this.statuses = StatusDiff.of(baseStatus, nextStatus);
    Set<String> conffiles = new HashSet<>();
    for (Stanza stanza : known.values()) {
      conffiles.addAll(DpkgStatus.conffiles(stanza).keySet());
    }
    this.roles = new Roles(conffiles);
    this.baseProblems = Dependencies.problems(baseStatus);
  }

  @Override
  public List<String> paths() {
    List<String> out = new ArrayList<>(TABLES);
    out.add(DebianPaths.STATUS);
    diff.paths().stream()
        .map(PathChange::path)
        .filter(roles::isConfiguration)
        .forEach(path -> out.add(DebianPaths.aside(path)));
    return out;
  }

  @Override
  public List<String> trees() {
    return List.of(DebianPaths.UPDATES);
  }

  /** Those of apt, of dpkg and of lckpwdf(3). */
  @Override
  public List<String> locks() {
    return List.of(DebianPaths.DPKG + "lock-frontend", DebianPaths.DPKG + "lock", "etc/.pwd.lock");
  }

  @Override
  public View view(Ctid ctid, DeltaTree delta, DeltaContent content) throws IOException {
    List<String> damage = new ArrayList<>();
    DpkgStatus mine = statuses.base();
    @Nullable String own = own(delta, content, DebianPaths.STATUS);
    if (own != null) {
      mine = DpkgStatus.parse(own, known);
      if (mine.packages().isEmpty()) {
        damage.add("/" + DebianPaths.STATUS + " lists no package");
      }
    } else if (delta.holds(DebianPaths.STATUS)) {
      damage.add("/" + DebianPaths.STATUS + " cannot be read");
    }
    if (delta.below(DebianPaths.UPDATES).stream().anyMatch(DebianFamily::isJournal)) {
      damage.add("dpkg is at work or was interrupted");
    }
    Tables tables =
        new Tables(
            table(delta, content, DebianPaths.DIVERSIONS),
            baseTable(DebianPaths.DIVERSIONS),
            table(delta, content, DebianPaths.STATOVERRIDE),
            baseTable(DebianPaths.STATOVERRIDE),
            table(delta, content, "etc/passwd"),
            table(delta, content, "etc/group"));
    Set<Dependencies.Problem> before = own == null ? baseProblems : Dependencies.problems(mine);
    return new DebianView(ctid, diff, roles, statuses, mine, before, tables, damage, own);
  }

  /** Files that dpkg keeps there only while it works. */
  private static boolean isJournal(DeltaEntry entry) {
    return entry.kind() == DeltaEntry.Kind.FILE
        && entry.path().startsWith(DebianPaths.UPDATES + "/")
        && !entry.path().endsWith("/.keep");
  }

  private String table(DeltaTree delta, DeltaContent content, String path) throws IOException {
    @Nullable String own = own(delta, content, path);
    return own == null ? baseTable(path) : own;
  }

  private String baseTable(String path) {
    return Objects.requireNonNull(baseTables.get(path), path);
  }

  private static @Nullable String own(DeltaTree delta, DeltaContent content, String path)
      throws IOException {
    byte @Nullable [] bytes = delta.holds(path) ? content.read(path, LONGEST) : null;
    return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String text(TemplateTree tree, String path) throws IOException {
    if (tree.find(path) == null && !path.equals(DebianPaths.STATUS)) {
      return "";
    }
    return new String(tree.read(path), StandardCharsets.ISO_8859_1);
  }
}
