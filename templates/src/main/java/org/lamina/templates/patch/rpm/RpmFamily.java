package org.lamina.templates.patch.rpm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.templates.patch.DeltaContent;
import org.lamina.templates.patch.DeltaEntry;
import org.lamina.templates.patch.DeltaTree;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.patch.PackageDatabase;
import org.lamina.templates.patch.PackageFamily;
import org.lamina.templates.patch.PathChange;
import org.lamina.templates.patch.TemplateTree;

/** CentOS, its relatives and what else installs its packages with rpm. */
public final class RpmFamily implements PackageFamily {
  private static final int LONGEST = 1 << 20;

  private final GenerationDiff diff;
  private final TemplateTree base;
  private final Generations generations;
  private final RpmRoles roles;
  private final String installer;
  private final Map<String, List<String>> coming;

  /**
   * @param baseTool the older generation's rpm
   * @param nextTool the newer generation's
   * @throws IOException if a generation has no package database, or one that cannot be read
   */
  public RpmFamily(
      GenerationDiff diff, TemplateTree base, TemplateTree next, RpmTool baseTool, RpmTool nextTool)
      throws IOException {
    this.diff = diff;
    this.base = base;
    this.generations = new Generations(base, next, baseTool, nextTool);
    this.roles = new RpmRoles(diff.paths().isEmpty() ? Map.of() : generations.lists().special());
    this.coming = coming(diff);
    this.installer =
        next.find("usr/bin/dnf") == null && next.find("usr/bin/yum") != null ? "yum" : "dnf";
  }

  @Override
  public List<String> paths() {
    List<String> out = new ArrayList<>(List.of("etc/passwd", "etc/group"));
    out.addAll(Holds.LOCKS);
    out.addAll(Holds.SETTINGS);
    diff.paths().stream()
        .map(PathChange::path)
        .filter(roles::isConfiguration)
        .map(roles::configuration)
        .forEach(rule -> {
          out.add(rule.newAside());
          out.add(rule.ownAside());
        });
    return out;
  }

  @Override
  public List<String> trees() {
    return RpmPaths.DATABASES;
  }

  /** Those of rpm's transactions, wherever its database lies, and of lckpwdf(3). */
  @Override
  public List<String> locks() {
    List<String> out = new ArrayList<>();
    RpmPaths.DATABASES.forEach(d -> out.add(d + "/" + RpmPaths.LOCK));
    out.add("etc/.pwd.lock");
    return out;
  }

  @Override
  public View view(Ctid ctid, DeltaTree delta, DeltaContent content) throws IOException {
    RpmFindings findings = new RpmFindings(ctid, installer);
    Holds holds = holds(delta, content);
    Set<String> own = ownFiles(delta);
    boolean hidden = hidesDatabase(delta, own);
    if (hidden) {
      findings.damaged("the container deleted it", "rpm --rebuilddb, or restore it from a backup");
    }
    boolean differs = !own.isEmpty() && differs(own, content);
    Set<String> deleted = deleted(delta);
    if (hidden || (!differs && holds == Holds.NONE && deleted.isEmpty())) {
      // As the template has it, so what the template's update changes is all there is to say.
      for (PackageChange change : diff.packages()) {
        if (isOlder(change.from(), change.to())) {
          findings.outdated(change.name(), String.valueOf(change.from()));
        }
      }
      PackageDatabase database = PackageDatabase.taken(transients(own));
      return new RpmView(ctid, installer, roles, null, database, findings);
    }
    Generations.Lists lists = generations.lists();
    HeaderList mine = lists.base();
    Set<RpmTool.Lack> lacks = new LinkedHashSet<>();
    ContainerDatabase ours = new ContainerDatabase(generations, differs ? own : Set.of(), content);
    if (differs) {
      try {
        ContainerDatabase.Found found = ours.read();
        mine = found.list();
        lacks.addAll(found.lacks());
      } catch (IOException e) {
        findings.damaged(String.valueOf(e.getMessage()), "rpm --rebuilddb");
      }
    }
    duplicates(mine, lists).forEach(findings::twice);
    DatabaseMerge merge =
        DatabaseMerge.of(
            lists.base(), mine, lists.next(), deleted, (has, offered) -> holds.against(offered));
    findings.packages(merge, diff.to());
    PackageDatabase database = database(merge, mine, lists, own, ours, lacks, findings);
    return new RpmView(ctid, installer, roles, merge, database, findings);
  }

  private PackageDatabase database(
      DatabaseMerge merge,
      HeaderList mine,
      Generations.Lists lists,
      Set<String> own,
      ContainerDatabase ours,
      Set<RpmTool.Lack> lacksBefore,
      RpmFindings findings)
      throws IOException {
    if (!findings.blockers().isEmpty() || (ours.isOwn() && merge.is(mine))) {
      Set<String> all = new TreeSet<>(own);
      all.addAll(generations.files());
      return PackageDatabase.stays(all);
    }
    Set<String> gone = new HashSet<>(own);
    gone.removeAll(generations.files());
    gone.addAll(generations.transients());
    if (merge.is(lists.next())) {
      return PackageDatabase.taken(transients(own));
    }
    Set<RpmTool.Lack> lacks = new LinkedHashSet<>(ours.lacks(merge));
    lacks.removeAll(lacksBefore);
    findings.lacking(lacks, merge);
    return PackageDatabase.made(generations.files(), () -> ours.make(merge), gone);
  }

  /**
   * Packages that only the next generation has, and that the container removed: it has deleted
   * every file of theirs. That is so when it goes back to a generation that it left without them.
   */
  private Set<String> deleted(DeltaTree delta) {
    Set<String> out = new TreeSet<>();
    coming.forEach((name, paths) -> {
      if (paths.stream().allMatch(path -> isDeleted(delta, path))) {
        out.add(name);
      }
    });
    return out;
  }

  private static boolean isDeleted(DeltaTree delta, String path) {
    @Nullable DeltaEntry own = delta.at(path);
    @Nullable DeltaEntry at = own == null ? delta.hider(path) : own;
    return at != null && at.kind() == DeltaEntry.Kind.WHITEOUT;
  }

  /** Files of packages that the older generation does not have, by name. */
  private static Map<String, List<String>> coming(GenerationDiff diff) {
    Set<String> names = new HashSet<>();
    diff.packages().stream().filter(p -> p.from() == null).forEach(p -> names.add(p.name()));
    Map<String, List<String>> out = new TreeMap<>();
    for (PathChange change : diff.paths()) {
      @Nullable String owner =
          change.before() != null || change.after() == null ? null : change.after().owner();
      if (owner != null && names.contains(owner)) {
        out.computeIfAbsent(owner, k -> new ArrayList<>()).add(change.path());
      }
    }
    return out;
  }

  private static boolean isOlder(@Nullable String from, @Nullable String to) {
    return from != null && to != null && Evr.parse(from).compareTo(Evr.parse(to)) < 0;
  }

  /** Files of the package database that the container has of its own. */
  private static Set<String> ownFiles(DeltaTree delta) {
    Set<String> out = new TreeSet<>();
    for (String directory : RpmPaths.DATABASES) {
      for (DeltaEntry entry : delta.below(directory)) {
        if (entry.kind() == DeltaEntry.Kind.FILE && RpmPaths.databaseFile(entry.path()) != null) {
          out.add(entry.path());
        }
      }
    }
    return out;
  }

  /** Whether something of the container's that is no file stands where a database should be. */
  private boolean hidesDatabase(DeltaTree delta, Set<String> own) {
    return generations.files().stream()
        .filter(path -> !own.contains(path))
        .anyMatch(path -> delta.holds(path) || delta.hider(path) != null);
  }

  /** A database that was opened for writing and not written is a copy of the template's. */
  private boolean differs(Set<String> own, DeltaContent content) throws IOException {
    for (String path : own) {
      boolean shared = path.endsWith(Generations.SHARED_MEMORY);
      var mine = shared ? null : content.describe(path);
      if (mine == null || (path.endsWith(Generations.LOG) && Long.valueOf(0).equals(mine.size()))) {
        continue;
      }
      var before = base.find(path);
      if (before == null || !java.util.Objects.equals(mine.sha256(), before.sha256())) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> transients(Set<String> own) {
    Set<String> out = new TreeSet<>(own);
    out.removeIf(p -> !p.endsWith(Generations.LOG) && !p.endsWith(Generations.SHARED_MEMORY));
    return out;
  }

  /** Packages of which the container alone has two versions, though they are not made for that. */
  private static List<HeaderList.Installed> duplicates(HeaderList mine, Generations.Lists lists) {
    Set<String> several = new HashSet<>(Set.of("gpg-pubkey"));
    for (HeaderList list : List.of(lists.base(), lists.next())) {
      several.addAll(twice(list).stream().map(HeaderList.Installed::name).toList());
    }
    return twice(mine).stream()
        .filter(p -> !several.contains(p.name()) && !p.name().startsWith("kernel"))
        .toList();
  }

  private static List<HeaderList.Installed> twice(HeaderList list) {
    Set<String> seen = new HashSet<>();
    return list.packages().stream()
        .filter(p -> !seen.add(p.name() + "." + p.architecture()))
        .toList();
  }

  /** What the container locked or excluded; a wish of its template's is no wish of its own. */
  private Holds holds(DeltaTree delta, DeltaContent content) throws IOException {
    List<String> locks = own(Holds.LOCKS, delta, content);
    List<String> settings = own(Holds.SETTINGS, delta, content);
    return locks.isEmpty() && settings.isEmpty() ? Holds.NONE : Holds.parse(locks, settings);
  }

  private static List<String> own(List<String> paths, DeltaTree delta, DeltaContent content)
      throws IOException {
    List<String> out = new ArrayList<>();
    for (String path : paths) {
      byte @Nullable [] bytes = delta.holds(path) ? content.read(path, LONGEST) : null;
      if (bytes != null) {
        out.add(new String(bytes, StandardCharsets.UTF_8));
      }
    }
    return out;
  }
}
