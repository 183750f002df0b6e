package org.lamina.templates.patch.debian;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.templates.patch.Attributes;
import org.lamina.templates.patch.ConfigRule;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.Outdated;
import org.lamina.templates.patch.PackageDatabase;
import org.lamina.templates.patch.PackageFamily;
import org.lamina.templates.patch.PathChange;
import org.lamina.templates.patch.Remaining;
import org.lamina.templates.patch.Treatment;
import org.lamina.templates.patch.Treatment.Kind;
import org.lamina.templates.patch.merge.AccountMerge;
import org.lamina.templates.patch.merge.Alternative;
import org.lamina.templates.patch.merge.MergeResult;
import org.lamina.templates.patch.merge.Stance;

/** One container with dpkg's database, its own or its template's. */
final class DebianView implements PackageFamily.View {
  private final Ctid ctid;
  private final Roles roles;
  private final DpkgStatus merged;
  private final Map<String, Stance> stances;
  private final Map<String, Stance> byName = new HashMap<>();
  private final Tables tables;
  private final PackageFindings packages;
  private final @Nullable String own;

  DebianView(
      Ctid ctid,
      GenerationDiff diff,
      Roles roles,
      StatusDiff statuses,
      DpkgStatus mine,
      Set<Dependencies.Problem> problemsBefore,
      Tables tables,
      List<String> damage,
      @Nullable String own) {
    this.own = own;
    this.ctid = ctid;
    this.roles = roles;
    this.tables = tables;
    boolean follows = mine.equals(statuses.base());
    this.stances = StatusMerge.stances(statuses, mine);
    stances.forEach(
        (key, stance) -> byName.merge(DpkgStatus.name(key), stance, DebianView::stricter));
    this.merged = follows ? statuses.next() : StatusMerge.merge(statuses, mine, stances);
    Set<Dependencies.Problem> problems = new LinkedHashSet<>();
    if (!follows) {
      problems.addAll(Dependencies.problems(merged));
      problems.removeAll(problemsBefore);
    }
    this.packages =
        new PackageFindings(ctid, diff, mine, statuses.next(), stances, problems, damage);
  }

  /** Of one name with several architectures, which may not be of different versions. */
  private static Stance stricter(Stance a, Stance b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private Stance stance(@Nullable String owner) {
    return owner == null ? Stance.FOLLOWS : byName.getOrDefault(owner, Stance.FOLLOWS);
  }

  @Override
  public boolean ordinary() {
    return tables.isEmpty() && byName.values().stream().noneMatch(Stance::keeps);
  }

  @Override
  public Treatment treatment(PathChange change) {
    Treatment role = roles.of(change);
    return stance(role.owner()).keeps() ? new Treatment(Kind.KEEP, role.owner()) : role;
  }

  @Override
  public Optional<String> diverted(String path, @Nullable String owner) {
    return tables.diverted(path, owner);
  }

  @Override
  public String undivert(String path) {
    return "inside: dpkg-divert --rename --remove /" + path;
  }

  @Override
  public Optional<Attributes> override(String path) {
    return tables.override(path);
  }

  @Override
  public Optional<String> merge(
      String path, String base, String mine, String next, List<Remaining> clashes) {
    if (path.startsWith(DebianPaths.ALTERNATIVES)) {
      return next.isEmpty() ? Optional.of(mine) : Alternative.merge(base, mine, next);
    }
    AccountMerge.@Nullable Table accounts = AccountMerge.Table.of(path);
    if (accounts != null) {
      MergeResult out = AccountMerge.merge(accounts, base, mine, next);
      clashes.addAll(out.clashes());
      return Optional.of(out.text());
    }
    return Optional.of(
        switch (path) {
          case DebianPaths.DIVERSIONS -> LineMerge.diversions(base, mine, next);
          case DebianPaths.STATOVERRIDE -> LineMerge.statoverrides(base, mine, next);
          case DebianPaths.EXTENDED_STATES ->
              LineMerge.stanzas(base, mine, next, List.of("Package", "Architecture"));
          case "var/cache/debconf/config.dat", "var/cache/debconf/templates.dat" ->
              LineMerge.stanzas(base, mine, next, List.of("Name"));
          case "etc/ca-certificates.conf" -> LineMerge.certificates(base, mine, next);
          default -> LineMerge.lines(base, mine, next);
        });
  }

  @Override
  public List<String> tool(String path) {
    return DerivedFile.of(path).orElseThrow().command();
  }

  @Override
  public String repair(@Nullable String owner) {
    return owner == null
        ? "vzctl exec " + ctid + " dpkg -V, and restore what it names"
        : "vzctl exec " + ctid + " apt-get install --reinstall " + owner;
  }

  @Override
  public ConfigRule configuration(String path) {
    return new ConfigRule(DebianPaths.aside(path), path + ".dpkg-old", true, true, true);
  }

  @Override
  public PackageDatabase database() {
    if (own == null) {
      return PackageDatabase.FOLLOWS;
    }
    String text = DpkgStatus.text(merged.packages().values());
    Set<String> status = Set.of(DebianPaths.STATUS);
    return text.equals(own)
        ? PackageDatabase.stays(status)
        : PackageDatabase.made(status, () -> new StatusText(text), Set.of());
  }

  /** The merged database is small enough to be kept. */
  private record StatusText(String text) implements PackageDatabase.Made {
    @Override
    public InputStream open(String path) {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {}
  }

  @Override
  public boolean isDocumentation(String path) {
    return DebianPaths.isDocumentation(path);
  }

  @Override
  public List<Outdated> outdated() {
    return packages.outdated();
  }

  @Override
  public boolean diverged() {
    return stances.values().stream().anyMatch(s -> s != Stance.FOLLOWS);
  }

  @Override
  public List<Remaining> remaining() {
    return packages.remaining();
  }

  @Override
  public List<Remaining> blockers() {
    return packages.blockers();
  }

  @Override
  public List<String> notes() {
    return packages.notes();
  }
}
