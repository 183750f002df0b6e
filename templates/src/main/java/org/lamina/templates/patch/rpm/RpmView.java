package org.lamina.templates.patch.rpm;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.templates.patch.Attributes;
import org.lamina.templates.patch.ConfigRule;
import org.lamina.templates.patch.Outdated;
import org.lamina.templates.patch.PackageDatabase;
import org.lamina.templates.patch.PackageFamily;
import org.lamina.templates.patch.PathChange;
import org.lamina.templates.patch.Remaining;
import org.lamina.templates.patch.Treatment;
import org.lamina.templates.patch.Treatment.Kind;
import org.lamina.templates.patch.merge.AccountMerge;
import org.lamina.templates.patch.merge.Alternative;
import org.lamina.templates.patch.merge.KeyedMerge;
import org.lamina.templates.patch.merge.MergeResult;
import org.lamina.templates.patch.merge.Stance;

/** One container with rpm's database, its own or its template's. */
final class RpmView implements PackageFamily.View {
  private final Ctid ctid;
  private final String installer;
  private final RpmRoles roles;
  private final Map<String, Stance> byName = new HashMap<>();
  private final PackageDatabase database;
  private final RpmFindings findings;

  /**
   * @param merge of a container that has a database or wishes of its own; else null
   */
  RpmView(
      Ctid ctid,
      String installer,
      RpmRoles roles,
      @Nullable DatabaseMerge merge,
      PackageDatabase database,
      RpmFindings findings) {
    this.ctid = ctid;
    this.installer = installer;
    this.roles = roles;
    this.database = database;
    this.findings = findings;
    if (merge != null) {
      merge
          .stances()
          .forEach((key, stance) -> byName.merge(merge.nameOf(key), stance, RpmView::stricter));
    }
  }

  /** Of one name with several architectures, which may not be of different versions. */
  private static Stance stricter(Stance a, Stance b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  @Override
  public boolean ordinary() {
    return byName.values().stream().noneMatch(Stance::keeps);
  }

  @Override
  public Treatment treatment(PathChange change) {
    Treatment role = roles.of(change);
    Stance stance =
        role.owner() == null ? Stance.FOLLOWS : byName.getOrDefault(role.owner(), Stance.FOLLOWS);
    return stance.keeps() ? new Treatment(Kind.KEEP, role.owner()) : role;
  }

  /** rpm knows no diversions. */
  @Override
  public Optional<String> diverted(String path, @Nullable String owner) {
    return Optional.empty();
  }

  @Override
  public String undivert(String path) {
    throw new IllegalStateException("rpm knows no diversions: /" + path);
  }

  /** rpm sets owner and mode anew with each version, and so do we where nothing else says so. */
  @Override
  public Optional<Attributes> override(String path) {
    return Optional.empty();
  }

  @Override
  public Optional<String> merge(
      String path, String base, String mine, String next, List<Remaining> clashes) {
    if (RpmPaths.isAlternative(path)) {
      return next.isEmpty() ? Optional.of(mine) : Alternative.merge(base, mine, next);
    }
    AccountMerge.@Nullable Table accounts = AccountMerge.Table.of(path);
    if (accounts != null) {
      MergeResult out = AccountMerge.merge(accounts, base, mine, next);
      clashes.addAll(out.clashes());
      return Optional.of(out.text());
    }
    return Optional.of(
        String.join(
            "",
            KeyedMerge.merge(lines(base), lines(mine), lines(next), (k, b, m, n) -> m).keySet()));
  }

  private static Map<String, String> lines(String text) {
    Map<String, String> out = new LinkedHashMap<>();
    text.lines().forEach(line -> out.put(line + "\n", line));
    return out;
  }

  @Override
  public List<String> tool(String path) {
    return RpmRoles.tool(path);
  }

  @Override
  public String repair(@Nullable String owner) {
    return "vzctl exec "
        + ctid
        + (owner == null
            ? " rpm -Va, and restore what it names"
            : " " + installer + " reinstall " + owner);
  }

  @Override
  public ConfigRule configuration(String path) {
    return roles.configuration(path);
  }

  @Override
  public PackageDatabase database() {
    return database;
  }

  @Override
  public boolean isDocumentation(String path) {
    return RpmPaths.isDocumentation(path);
  }

  @Override
  public List<Outdated> outdated() {
    return findings.outdated();
  }

  @Override
  public boolean diverged() {
    return byName.values().stream().anyMatch(s -> s != Stance.FOLLOWS);
  }

  @Override
  public List<Remaining> remaining() {
    return findings.remaining();
  }

  @Override
  public List<Remaining> blockers() {
    return findings.blockers();
  }

  @Override
  public List<String> notes() {
    return findings.notes();
  }
}
