package org.lamina.templates.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lamina.templates.patch.Distribution.Installed;
import org.lamina.templates.patch.MemoryTree.Thing;
import org.lamina.templates.tree.ManifestEntry;

/** What every family of distributions must do with the same things that administrators do. */
abstract class PackageFamilyContract {
  private static final String LIB = "usr/lib/libfoo.so.1";
  private static final String CONF = "etc/foo.conf";
  private static final String ROOT = "root:x:0:0::/:\n";

  /** How a container comes to the new generation. */
  enum How {
    LIVE,
    STOPPED;

    private Move move() {
      return this == LIVE ? Move.live(Set.of("usr")) : Move.stopped();
    }
  }

  private final Distribution distribution;
  private final MemoryTree base = new MemoryTree();
  private final MemoryTree next = new MemoryTree();
  private MemoryTree delta = new MemoryTree();
  private final List<Installed> before =
      List.of(installed("libc", "2-1"), installed("foo", "1-1"), installed("bar", "1-1"));
  private final List<Installed> after =
      List.of(installed("libc", "2-1"), installed("foo", "1-2"), installed("bar", "1-2"));

  PackageFamilyContract(Distribution distribution) {
    this.distribution = distribution;
    generation(base, "old", before, ROOT);
    generation(next, "new", after, ROOT + "foo:x:100:100::/:\n");
  }

  static Installed installed(String name, String version, String... needs) {
    return new Installed(name, version, List.of(needs));
  }

  private void generation(MemoryTree tree, String word, List<Installed> packages, String passwd) {
    tree.put(LIB, Thing.file("lib " + word).of("foo"));
    tree.put("usr/lib/libbar.so.1", Thing.file("bar " + word).of("bar"));
    tree.put(CONF, Thing.file("conf " + word).of("foo"));
    tree.put("usr/lib/only-" + word, Thing.file(word).of("foo"));
    tree.put("etc/passwd", Thing.file(passwd));
    tree.put(distribution.databasePath(), Thing.file(distribution.database(packages)));
  }

  private GenerationDiff diff(MemoryTree from, MemoryTree to) {
    TreeMap<String, Boolean> paths = new TreeMap<>();
    from.things.keySet().forEach(p -> paths.put(p, true));
    to.things.keySet().forEach(p -> paths.put(p, true));
    List<PathChange> changes = new ArrayList<>();
    for (String path : paths.keySet()) {
      @Nullable ManifestEntry b = from.find(path);
      @Nullable ManifestEntry n = to.find(path);
      if (!java.util.Objects.equals(b, n)) {
        ChangeKind kind =
            b == null ? ChangeKind.ADDED : n == null ? ChangeKind.REMOVED : ChangeKind.CHANGED;
        changes.add(new PathChange(path, kind, b, n));
      }
    }
    boolean forth = to == next;
    return new GenerationDiff(
        "t",
        forth ? 0 : 1,
        forth ? 1 : 0,
        changes,
        List.of(change("bar", forth), change("foo", forth)));
  }

  private static PackageChange change(String name, boolean forth) {
    return new PackageChange(name, "noarch", forth ? "1-1" : "1-2", forth ? "1-2" : "1-1", true);
  }

  private PatchPlan plan(How how, MemoryTree from, MemoryTree to) throws IOException {
    GenerationDiff diff = diff(from, to);
    return Thorough.plan(diff, from, to, distribution.family(diff, from, to), delta, how.move());
  }

  private MemoryGuestTree apply(PatchPlan plan, How how, MemoryTree from, MemoryTree to)
      throws IOException {
    assertThat(plan.blocked()).describedAs("%s", plan.summary()).isFalse();
    PatchExecutor.prune(plan.steps(), delta::prune);
    MemoryGuestTree guest = new MemoryGuestTree(delta, p -> how.move().switches(p) ? to : from);
    new PatchExecutor(from, to).apply(plan.steps(), guest);
    return guest;
  }

  private MemoryGuestTree move(How how) throws IOException {
    return apply(plan(how, base, next), how, base, next);
  }

  private void own(List<Installed> packages) {
    delta.put(distribution.databasePath(), Thing.file(distribution.database(packages)));
  }

  private List<String> database(MemoryGuestTree guest) throws IOException {
    return distribution.tell(see(guest, distribution.databasePath()));
  }

  private static String see(MemoryGuestTree guest, String path) {
    @Nullable Thing thing = guest.see(path);
    return thing == null ? "nothing" : thing.text();
  }

  private static String about(PatchPlan plan) {
    return plan.summary().notes() + " " + plan.summary().remaining();
  }

  @ParameterizedTest
  @EnumSource(How.class)
  void anUntouchedContainerGetsEverything(How how) throws IOException {
    PatchPlan plan = plan(how, base, next);
    assertThat(plan.summary().planClass()).isEqualTo(PlanClass.CLEAN);
    assertThat(plan.outdated()).extracting(Outdated::name).containsExactlyInAnyOrder("bar", "foo");
    MemoryGuestTree guest = apply(plan, how, base, next);
    assertThat(database(guest)).containsExactly("bar 1-2", "foo 1-2", "libc 2-1");
    assertThat(see(guest, LIB)).isEqualTo("lib new");
    assertThat(see(guest, CONF)).isEqualTo("conf new");
    assertThat(see(guest, "usr/lib/only-old")).isEqualTo("nothing");
    assertThat(see(guest, "usr/lib/only-new")).isEqualTo("new");
  }

  @ParameterizedTest
  @EnumSource(How.class)
  void ownPackagesStayAndTheTemplatesFollow(How how) throws IOException {
    List<Installed> mine = new ArrayList<>(before);
    mine.add(installed("own", "7-1"));
    own(mine);
    PatchPlan plan = plan(how, base, next);
    assertThat(plan.summary().planClass()).isEqualTo(PlanClass.MERGEABLE);
    assertThat(database(apply(plan, how, base, next)))
        .containsExactly("bar 1-2", "foo 1-2", "libc 2-1", "own 7-1");
  }

  @ParameterizedTest
  @EnumSource(How.class)
  void aPackageOfTheSameVersionFollows(How how) throws IOException {
    own(List.of(before.get(0), installed("foo", "1-2"), before.get(2)));
    delta.put(LIB, Thing.file("lib new"));
    PatchPlan plan = plan(how, base, next);
    assertThat(about(plan)).contains("foo: the container installed 1-2 itself already");
    assertThat(plan.outdated()).extracting(Outdated::name).containsExactly("bar");
    MemoryGuestTree guest = apply(plan, how, base, next);
    assertThat(database(guest)).containsExactly("bar 1-2", "foo 1-2", "libc 2-1");
    assertThat(see(guest, LIB)).isEqualTo("lib new");
  }

  @ParameterizedTest
  @EnumSource(How.class)
  void aNewerPackageStaysWhole(How how) throws IOException {
    own(List.of(before.get(0), installed("foo", "1-3"), before.get(2)));
    delta.put(LIB, Thing.file("lib newest"));
    PatchPlan plan = plan(how, base, next);
    assertThat(about(plan)).contains("foo: stays at the container's own 1-3");
    assertThat(plan.summary().remaining()).isEmpty();
    MemoryGuestTree guest = apply(plan, how, base, next);
    assertThat(database(guest)).containsExactly("bar 1-2", "foo 1-3", "libc 2-1");
    assertThat(see(guest, LIB)).isEqualTo("lib newest");
    assertThat(see(guest, CONF)).isEqualTo("conf old");
    assertThat(see(guest, "usr/lib/only-new")).isEqualTo("nothing");
    assertThat(see(guest, "usr/lib/libbar.so.1")).isEqualTo("bar new");
  }

  @ParameterizedTest
  @EnumSource(How.class)
  void anOlderPackageStaysAndIsNamed(How how) throws IOException {
    own(List.of(before.get(0), installed("foo", "0-9"), before.get(2)));
    PatchPlan plan = plan(how, base, next);
    assertThat(plan.summary().planClass()).isEqualTo(PlanClass.DIVERGED);
    assertThat(plan.summary().remaining()).extracting(Remaining::what).containsExactly("foo 0-9");
    assertThat(database(apply(plan, how, base, next))).contains("foo 0-9", "bar 1-2");
  }

  @ParameterizedTest
  @EnumSource(How.class)
  void aRemovedPackageStaysAway(How how) throws IOException {
    own(List.of(before.get(0), before.get(2)));
    delta.put(LIB, Thing.whiteout());
    PatchPlan plan = plan(how, base, next);
    assertThat(about(plan)).contains("foo: removed inside, so it stays removed");
    MemoryGuestTree guest = apply(plan, how, base, next);
    assertThat(database(guest)).containsExactly("bar 1-2", "libc 2-1");
    assertThat(see(guest, LIB)).isEqualTo("nothing");
    assertThat(see(guest, "usr/lib/only-new")).isEqualTo("nothing");
  }

  @ParameterizedTest
  @EnumSource(How.class)
  void aHeldPackageStaysWholeAndIsNamed(How how) throws IOException {
    distribution.hold(delta, before, "foo");
    PatchPlan plan = plan(how, base, next);
    assertThat(plan.summary().remaining()).extracting(Remaining::what).containsExactly("foo 1-1");
    MemoryGuestTree guest = apply(plan, how, base, next);
    assertThat(database(guest)).containsExactly("bar 1-2", "foo 1-1", "libc 2-1");
    assertThat(see(guest, LIB)).isEqualTo("lib old");
    assertThat(see(guest, "usr/lib/only-old")).isEqualTo("old");
    assertThat(see(guest, "usr/lib/libbar.so.1")).isEqualTo("bar new");
  }

  @Test
  void aNeedThatTheUpdateWouldBreakStopsTheMove() throws IOException {
    List<Installed> mine = new ArrayList<>(before);
    mine.add(installed("own", "1-1", "foo"));
    own(mine);
    PatchPlan plan = plan(How.LIVE, base, next);
    assertThat(plan.blocked()).isTrue();
    assertThat(plan.steps()).isEmpty();
    assertThat(plan.summary().remaining())
        .extracting(Remaining::what)
        .contains("own 1-1", "foo 1-1", "bar 1-1");
  }

  @Test
  void aDamagedDatabaseStopsTheMove() throws IOException {
    delta.put(distribution.databasePath(), Thing.file(distribution.damaged()));
    PatchPlan plan = plan(How.STOPPED, base, next);
    assertThat(plan.blocked()).isTrue();
    assertThat(plan.summary().remaining()).extracting(Remaining::what).contains("package database");
  }

  @Test
  void aDeletedDatabaseStopsTheMove() throws IOException {
    delta.put(distribution.databasePath(), Thing.whiteout());
    assertThat(plan(How.STOPPED, base, next).blocked()).isTrue();
  }

  @Test
  void aNumberOfAnotherUserStopsTheMove() throws IOException {
    delta.put("etc/passwd", Thing.file(ROOT + "bob:x:100:100::/:\n"));
    PatchPlan plan = plan(How.LIVE, base, next);
    assertThat(plan.blocked()).isTrue();
    assertThat(about(plan)).contains("etc/passwd: foo");
  }

  @ParameterizedTest
  @EnumSource(How.class)
  void ownUsersStay(How how) throws IOException {
    delta.put("etc/passwd", Thing.file(ROOT + "bob:x:1000:1000::/:\n"));
    assertThat(see(move(how), "etc/passwd"))
        .isEqualTo(ROOT + "foo:x:100:100::/:\nbob:x:1000:1000::/:\n");
  }

  @ParameterizedTest
  @EnumSource(How.class)
  void anEditedConfigurationFileFollowsThePackageManagersRule(How how) throws IOException {
    delta.put(CONF, Thing.file("conf mine").mode("0600", 0, 0));
    MemoryGuestTree guest = move(how);
    List<String> seen = new ArrayList<>();
    for (String name : guest.list("etc")) {
      if (name.startsWith("foo.conf")) {
        seen.add("etc/" + name + " " + see(guest, "etc/" + name));
      }
    }
    assertThat(seen).isEqualTo(distribution.editedConfiguration(CONF, "conf mine", "conf new"));
  }

  @ParameterizedTest
  @EnumSource(How.class)
  void aDeletedConfigurationFileFollowsThePackageManagersRule(How how) throws IOException {
    delta.put(CONF, Thing.whiteout());
    @Nullable String there = distribution.deletedConfiguration("conf new");
    assertThat(see(move(how), CONF)).isEqualTo(there == null ? "nothing" : there);
  }

  /** Whatever a container had, going there and back leaves it with that. */
  @ParameterizedTest
  @EnumSource(How.class)
  void forthAndBackIsWhereItWas(How how) throws IOException {
    List<Installed> mine = new ArrayList<>(before);
    mine.add(installed("own", "7-1"));
    mine.remove(before.get(2));
    own(mine);
    delta.put(CONF, Thing.file("conf mine"));
    delta.put("etc/passwd", Thing.file(ROOT + "bob:x:1000:1000::/:\n"));
    var _ = move(how);
    MemoryGuestTree back = apply(plan(how, next, base), how, next, base);
    assertThat(database(back)).containsExactly("foo 1-1", "libc 2-1", "own 7-1");
    assertThat(see(back, LIB)).isEqualTo("lib old");
    assertThat(see(back, CONF)).isEqualTo("conf mine");
    assertThat(back.list("etc")).containsExactly("foo.conf", "passwd");
    assertThat(see(back, "etc/passwd")).isEqualTo(ROOT + "bob:x:1000:1000::/:\n");
  }

  /** A move that died is planned and done again. */
  @ParameterizedTest
  @EnumSource(How.class)
  void aMoveDoneTwiceIsDoneOnce(How how) throws IOException {
    List<Installed> mine = new ArrayList<>(before);
    mine.add(installed("own", "7-1"));
    own(mine);
    delta.put(CONF, Thing.file("conf mine"));
    MemoryGuestTree once = move(how);
    List<String> packages = database(once);
    String conf = see(once, CONF);
    MemoryGuestTree twice = move(how);
    assertThat(database(twice)).isEqualTo(packages);
    assertThat(see(twice, CONF)).isEqualTo(conf);
  }

  @Test
  void theLocksOfPackagesAndAccountsAreNamed() throws IOException {
    assertThat(distribution.family(diff(base, next), base, next).locks())
        .contains("etc/.pwd.lock")
        .hasSizeGreaterThan(1);
  }
}
