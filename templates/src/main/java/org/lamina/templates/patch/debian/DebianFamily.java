package org.lamina.templates.patch.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  private final GenerationDiff diff;
  private final TemplateTree base;
  private final DpkgStatus baseStatus;
  private final DpkgStatus nextStatus;
  private final Map<String, Stanza> known = new HashMap<>();
  private final Roles roles;
  private final Set<Dependencies.Problem> baseProblems;

  /**
   * @throws IOException if a generation has no package database
   */
  public DebianFamily(GenerationDiff diff, TemplateTree base, TemplateTree next)
      throws IOException {
    this.diff = diff;
    this.base = base;
    this.baseStatus = DpkgStatus.parse(text(base, DebianPaths.STATUS));
    baseStatus.packages().values().forEach(s -> known.put(s.text(), s));
    this.nextStatus = DpkgStatus.parse(text(next, DebianPaths.STATUS), known);
    nextStatus.packages().values().forEach(s -> known.put(s.text(), s));
    Set<String> conffiles = new HashSet<>();
    for (Stanza stanza : known.values()) {
      conffiles.addAll(DpkgStatus.conffiles(stanza).keySet());
    }
    this.roles = new Roles(conffiles);
    this.baseProblems = Dependencies.problems(baseStatus);
  }

  @Override
  public List<String> paths() {
    List<String> out =
        new ArrayList<>(
            List.of(
                DebianPaths.STATUS,
                DebianPaths.DIVERSIONS,
                DebianPaths.STATOVERRIDE,
                "etc/passwd",
                "etc/group"));
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
    DpkgStatus mine = baseStatus;
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
            textOf(delta, content, DebianPaths.DIVERSIONS),
            text(base, DebianPaths.DIVERSIONS),
            textOf(delta, content, DebianPaths.STATOVERRIDE),
            text(base, DebianPaths.STATOVERRIDE),
            textOf(delta, content, "etc/passwd"),
            textOf(delta, content, "etc/group"));
    Set<Dependencies.Problem> before = own == null ? baseProblems : Dependencies.problems(mine);
    return new DebianView(
        ctid, diff, roles, baseStatus, mine, nextStatus, before, tables, damage, own);
  }

  /** Files that dpkg keeps there only while it works. */
  private static boolean isJournal(DeltaEntry entry) {
    return entry.kind() == DeltaEntry.Kind.FILE
        && entry.path().startsWith(DebianPaths.UPDATES + "/")
        && !entry.path().endsWith("/.keep");
  }

  private String textOf(DeltaTree delta, DeltaContent content, String path) throws IOException {
    @Nullable String own = own(delta, content, path);
    return own == null ? text(base, path) : own;
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
