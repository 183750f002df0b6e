package org.lamina.templates.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.templates.patch.MemoryTree.Thing;

/** One row per problem that a shared template with private layers has. */
class PlannerTest {
  private static final String LIB = "usr/lib/libfoo.so.1";
  private static final String CONF = "etc/foo.conf";
  private static final String STATUS = World.STATUS;
  private static final Move LIVE = Move.live(Set.of("usr"));

  /** A package with a library, a configuration file and state, that the update changes. */
  private static World foo() {
    return World.of()
        .updated(
            "foo",
            "1.0-1",
            "1.0-2",
            "Conffiles:\n /etc/foo.conf 0123456789abcdef0123456789abcdef\n")
        .file(LIB, "foo", "old", "new")
        .file(CONF, "foo", "conf old", "conf new")
        .file("etc/site.conf", null, "site old", "site new")
        .file("etc/ld.so.cache", null, "cache old", "cache new")
        .path("usr/lib/gone", Thing.file("gone").of("foo"), null)
        .path("usr/lib/added", null, Thing.file("added").of("foo"))
        .file("var/lib/dpkg/info/foo.list", null, "list old", "list new")
        .file("etc/passwd", null, "root:x:0:0::/:\n", "root:x:0:0::/:\nfoo:x:100:100::/:\n");
  }

  record Row(
      String name,
      Consumer<World> container,
      PlanClass planClass,
      @Nullable String remaining,
      String path,
      @Nullable String seen) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(
      String name,
      Consumer<World> container,
      PlanClass planClass,
      @Nullable String remaining,
      String path,
      @Nullable String seen) {
    return new Row(name, container, planClass, remaining, path, seen);
  }

  private static String own(World w, String from, String to) {
    return w.baseStatus().replace(from, to);
  }

  private static final String FOO = "Package: foo\nStatus: install ok installed";

  static Stream<Arguments> rows() {
    return Stream.of(
            row("untouched", w -> {}, PlanClass.CLEAN, null, LIB, "new"),
            row(
                "own files elsewhere",
                w -> w.holds("usr/lib/mine", Thing.file("x")),
                PlanClass.CLEAN,
                null,
                "usr/lib/mine",
                "x"),
            row(
                "copied up, not changed",
                w -> w.holds(LIB, Thing.file("old")),
                PlanClass.MERGEABLE,
                null,
                LIB,
                "new"),
            row(
                "the same as new",
                w -> w.holds(LIB, Thing.file("new")),
                PlanClass.MERGEABLE,
                null,
                LIB,
                "new"),
            row(
                "edited by hand",
                w -> w.holds(LIB, Thing.file("hacked")),
                PlanClass.DIVERGED,
                LIB,
                LIB,
                "hacked"),
            row(
                "replaced by a directory",
                w -> w.holds(LIB + "/x", Thing.file("x")),
                PlanClass.DIVERGED,
                LIB,
                LIB + "/x",
                "x"),
            row(
                "deleted by hand",
                w -> w.holds(LIB, Thing.whiteout()),
                PlanClass.MERGEABLE,
                null,
                LIB,
                null),
            row(
                "deletion where the update needs a name",
                w -> w.holds("usr/lib/added", Thing.whiteout()),
                PlanClass.MERGEABLE,
                null,
                "usr/lib/added",
                "added"),
            row(
                "own file where the update adds one",
                w -> w.holds("usr/lib/added", Thing.file("mine")),
                PlanClass.DIVERGED,
                "usr/lib/added",
                "usr/lib/added",
                "mine"),
            row(
                "removed file copied up",
                w -> w.holds("usr/lib/gone", Thing.file("gone")),
                PlanClass.MERGEABLE,
                null,
                "usr/lib/gone",
                null),
            row(
                "removed file edited",
                w -> w.holds("usr/lib/gone", Thing.file("mine")),
                PlanClass.DIVERGED,
                "usr/lib/gone",
                "usr/lib/gone",
                "mine"),
            row(
                "directory made anew, new file",
                w -> w.holds("usr/lib", Thing.opaque()),
                PlanClass.MERGEABLE,
                null,
                "usr/lib/added",
                "added"),
            row(
                "directory made anew, deleted file",
                w -> w.holds("usr/lib", Thing.opaque()),
                PlanClass.MERGEABLE,
                null,
                LIB,
                null),
            row(
                "directory made anew, file put back",
                w -> w.holds("usr/lib", Thing.opaque()).holds(LIB, Thing.file("old")),
                PlanClass.MERGEABLE,
                null,
                LIB,
                "new"),
            row(
                "directory deleted",
                w -> w.holds("usr/lib", Thing.whiteout()),
                PlanClass.DIVERGED,
                "usr/lib",
                LIB,
                null),
            row(
                "directory replaced by a link",
                w -> w.holds("usr/lib", Thing.link("/data/lib")),
                PlanClass.DIVERGED,
                "usr/lib",
                "usr/lib",
                "/data/lib"),
            row(
                "conffile not edited",
                w -> w.holds(CONF, Thing.file("conf old")),
                PlanClass.MERGEABLE,
                null,
                CONF,
                "conf new"),
            row(
                "conffile edited",
                w -> w.holds(CONF, Thing.file("mine")),
                PlanClass.MERGEABLE,
                null,
                CONF,
                "mine"),
            row(
                "conffile edited, new one beside it",
                w -> w.holds(CONF, Thing.file("mine")),
                PlanClass.MERGEABLE,
                null,
                CONF + ".dpkg-dist",
                "conf new"),
            row(
                "conffile deleted",
                w -> w.holds(CONF, Thing.whiteout()),
                PlanClass.MERGEABLE,
                null,
                CONF,
                null),
            row(
                "other file in etc edited",
                w -> w.holds("etc/site.conf", Thing.file("mine")),
                PlanClass.DIVERGED,
                "etc/site.conf",
                "etc/site.conf",
                "mine"),
            row(
                "derived file not made anew",
                w -> w.holds("etc/ld.so.cache", Thing.file("cache old")),
                PlanClass.MERGEABLE,
                null,
                "etc/ld.so.cache",
                "cache new"),
            row(
                "derived file made anew",
                w -> w.holds("etc/ld.so.cache", Thing.file("mine")),
                PlanClass.MERGEABLE,
                null,
                "etc/ld.so.cache",
                "mine"),
            row(
                "own user, no clash",
                w -> w.holds("etc/passwd", Thing.file("root:x:0:0::/:\nme:x:1000:1000::/:\n")),
                PlanClass.MERGEABLE,
                null,
                "etc/passwd",
                "root:x:0:0::/:\nfoo:x:100:100::/:\nme:x:1000:1000::/:\n"),
            row(
                "own user with the new user's number",
                w -> w.holds("etc/passwd", Thing.file("root:x:0:0::/:\nme:x:100:100::/:\n")),
                PlanClass.DIVERGED,
                "etc/passwd: foo",
                LIB,
                "old"),
            row(
                "own package",
                w -> w.status(w.baseStatus() + World.stanza("nginx", "1")),
                PlanClass.MERGEABLE,
                null,
                LIB,
                "new"),
            row(
                "database file of the package copied up",
                w -> w.holds("var/lib/dpkg/info/foo.list", Thing.file("whatever")),
                PlanClass.MERGEABLE,
                null,
                "var/lib/dpkg/info/foo.list",
                "list new"),
            row("upgraded inside to the same", w -> same(w), PlanClass.DIVERGED, null, LIB, "new"),
            row(
                "upgraded inside to a newer one",
                w -> upgraded(w, "1.0-9"),
                PlanClass.DIVERGED,
                null,
                LIB,
                "own 1.0-9"),
            row(
                "a newer one inside does not get new files",
                w -> upgraded(w, "1.0-9"),
                PlanClass.DIVERGED,
                null,
                "usr/lib/added",
                null),
            row(
                "a newer one inside keeps what was removed",
                w -> upgraded(w, "1.0-9"),
                PlanClass.DIVERGED,
                null,
                "usr/lib/gone",
                "gone"),
            row(
                "a newer one inside keeps its configuration",
                w -> upgraded(w, "1.0-9"),
                PlanClass.DIVERGED,
                null,
                CONF,
                "conf old"),
            row(
                "a newer one inside keeps its lists",
                w -> upgraded(w, "1.0-9"),
                PlanClass.DIVERGED,
                null,
                "var/lib/dpkg/info/foo.list",
                "own list"),
            row(
                "upgraded inside, but not enough",
                w -> upgraded(w, "1.0-1.5"),
                PlanClass.DIVERGED,
                "foo 1.0-1.5",
                LIB,
                "own 1.0-1.5"),
            row(
                "downgraded inside",
                w -> upgraded(w, "0.9"),
                PlanClass.DIVERGED,
                "foo 0.9",
                LIB,
                "own 0.9"),
            row(
                "removed inside",
                w -> removed(w, "Package: foo\nStatus: deinstall ok config-files"),
                PlanClass.DIVERGED,
                null,
                "usr/lib/added",
                null),
            row(
                "removed inside keeps its configuration",
                w -> removed(w, "Package: foo\nStatus: deinstall ok config-files"),
                PlanClass.DIVERGED,
                null,
                CONF,
                "conf old"),
            row(
                "on hold",
                w -> w.status(own(w, FOO, "Package: foo\nStatus: hold ok installed")),
                PlanClass.DIVERGED,
                "foo 1.0-1",
                LIB,
                "old"),
            row(
                "on hold, nothing is added",
                w -> w.status(own(w, FOO, "Package: foo\nStatus: hold ok installed")),
                PlanClass.DIVERGED,
                "foo 1.0-1",
                "usr/lib/added",
                null),
            row(
                "dpkg interrupted",
                w -> w.holds("var/lib/dpkg/updates/0001", Thing.file("x")),
                PlanClass.DIVERGED,
                "package database",
                LIB,
                "old"),
            row(
                "package left unconfigured",
                w -> w.status(own(w, FOO, "Package: foo\nStatus: install ok half-configured")),
                PlanClass.DIVERGED,
                "foo 1.0-1",
                LIB,
                "old"),
            row(
                "own package needs the old version",
                w ->
                    w.status(
                        w.baseStatus()
                            + World.stanza("foo-dev", "1.0-1", "Depends: foo (= 1.0-1)\n")),
                PlanClass.DIVERGED,
                "foo-dev 1.0-1",
                LIB,
                "old"),
            row(
                "diverted inside with its file",
                w ->
                    w.holds(
                            "var/lib/dpkg/diversions",
                            Thing.file("/" + LIB + "\n/usr/lib/old.foo\n:\n"))
                        .holds(LIB, Thing.file("mine"))
                        .holds("usr/lib/old.foo", Thing.file("old")),
                PlanClass.MERGEABLE,
                null,
                "usr/lib/old.foo",
                "new"),
            row(
                "diverted inside stays in place",
                w ->
                    w.holds(
                            "var/lib/dpkg/diversions",
                            Thing.file("/" + LIB + "\n/usr/lib/old.foo\n:\n"))
                        .holds(LIB, Thing.file("mine"))
                        .holds("usr/lib/old.foo", Thing.file("old")),
                PlanClass.MERGEABLE,
                null,
                LIB,
                "mine"),
            row(
                "logs are nobody's business",
                w -> w.file("var/log/x", null, "a", "b").holds("var/log/x", Thing.file("c")),
                PlanClass.CLEAN,
                null,
                "var/log/x",
                "c"))
        .flatMap(r -> Stream.of(Arguments.of(r, Move.stopped()), Arguments.of(r, LIVE)));
  }

  private static void same(World w) {
    w.status(w.nextStatus())
        .holds(LIB, Thing.file("new"))
        .holds("usr/lib/added", Thing.file("added"))
        .holds("usr/lib/gone", Thing.whiteout());
  }

  private static void upgraded(World w, String version) {
    w.status(own(w, "Version: 1.0-1\n", "Version: " + version + "\n"))
        .holds(LIB, Thing.file("own " + version))
        .holds("var/lib/dpkg/info/foo.list", Thing.file("own list"));
  }

  private static void removed(World w, String status) {
    w.status(own(w, FOO, status))
        .holds(LIB, Thing.whiteout())
        .holds("usr/lib/gone", Thing.whiteout());
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("rows")
  void eachProblemHasItsRule(Row row, Move move) throws IOException {
    World world = foo();
    row.container().accept(world);

    PatchPlan plan = world.plan(move);
    MemoryGuestTree guest = world.apply(plan, move);

    assertThat(plan.summary().planClass()).as(plan.toString()).isEqualTo(row.planClass());
    List<String> remaining = plan.summary().remaining().stream().map(Remaining::what).toList();
    if (row.remaining() == null) {
      assertThat(remaining).isEmpty();
    } else {
      assertThat(remaining).contains(row.remaining());
    }
    assertThat(plan.summary().remaining())
        .allSatisfy(r -> {
          assertThat(r.reason()).isNotBlank();
          assertThat(r.wayOut()).isNotBlank();
        });
    @Nullable Thing seen = guest.see(row.path());
    assertThat(seen == null ? null : seen.text()).as(row.path()).isEqualTo(row.seen());
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("rows")
  void doneTwiceIsDoneOnce(Row row, Move move) throws IOException {
    World world = foo();
    row.container().accept(world);
    PatchPlan plan = world.plan(move);
    world.apply(plan, move);
    var once = MemoryTree.copy(world.delta);

    world.apply(plan, move);

    assertThat(world.delta.things).isEqualTo(once);
  }

  @Test
  void aCleanContainerBecomesTheNewGenerationWhicheverWay() throws IOException {
    for (Move move : List.of(Move.stopped(), LIVE)) {
      World world = foo();
      MemoryGuestTree guest = world.move(move);
      assertThat(World.show(guest, world.base, world.next))
          .isEqualTo(
              World.show(new MemoryGuestTree(new MemoryTree(), p -> world.next), world.next));
    }
  }

  @Test
  void aStoppedCleanContainerNeedsNoStepAtAll() throws IOException {
    assertThat(foo().plan(Move.stopped()).steps()).isEmpty();
  }

  @Test
  void theDatabaseTellsTheTruthAfterwards() throws IOException {
    World world = foo();
    world.status(world.baseStatus() + World.stanza("nginx", "1"));
    MemoryGuestTree guest = world.move(Move.stopped());
    assertThat(guest.see(STATUS).text()).isEqualTo(world.nextStatus() + World.stanza("nginx", "1"));
  }

  @Test
  void toolsRunOnceAndOnlyWhereNeeded() throws IOException {
    World world =
        foo()
            .file("etc/ssl/certs/ca-certificates.crt", null, "a", "b")
            .file("etc/ssl/certs/x.pem", null, "a", "b")
            .holds("etc/ssl/certs/ca-certificates.crt", Thing.file("mine"))
            .holds("etc/ssl/certs/x.pem", Thing.file("mine"));
    world.move(LIVE);
    assertThat(world.ran).containsExactly(List.of("update-ca-certificates"));
  }

  @Test
  void ownersAndModesThatTheContainerSetStay() throws IOException {
    for (Move move : List.of(Move.stopped(), LIVE)) {
      World world = foo().holds(LIB, Thing.file("old").mode("4755", 0, 33));
      Thing seen = world.move(move).see(LIB);
      assertThat(seen).isEqualTo(new Thing("file", "4755", 0, 33, "new", null));
    }
  }

  @Test
  void modesThatTheUpdateChangesArriveUnlessTheContainerSetItsOwn() throws IOException {
    World world =
        World.of()
            .path(
                "usr/bin/su",
                Thing.file("su").mode("4755", 0, 0),
                Thing.file("su").mode("0755", 0, 0))
            .holds("usr/bin/su", Thing.file("su").mode("4755", 0, 7));
    assertThat(world.move(Move.stopped()).see("usr/bin/su"))
        .isEqualTo(new Thing("file", "0755", 0, 7, "su", null));
  }

  @Test
  void overridesOfDpkgHoldForFilesNotYetCopied() throws IOException {
    World world =
        foo()
            .file("etc/group", null, "root:x:0:\nops:x:77:\n", "root:x:0:\nops:x:77:\n")
            .path("etc/passwd", Thing.file("root:x:0:0::/:\n"), Thing.file("root:x:0:0::/:\n"))
            .holds("var/lib/dpkg/statoverride", Thing.file("root ops 2750 /" + LIB + "\n"));
    assertThat(world.move(Move.stopped()).see(LIB))
        .isEqualTo(new Thing("file", "2750", 0, 77, "new", null));
  }

  @Test
  void aDirectoryThatBecomesALinkIsBlockedByOwnFilesOnly() throws IOException {
    Thing link = Thing.link("lib");
    for (Move move : List.of(Move.stopped(), LIVE)) {
      World clean = directoryToLink();
      assertThat(clean.move(move).see("usr/libx")).isEqualTo(link);

      World copied = directoryToLink().holds("usr/libx/a", Thing.file("a"));
      assertThat(copied.move(move).see("usr/libx")).isEqualTo(link);

      // As a live move leaves one that it made in place of a file.
      World hiding =
          directoryToLink().holds("usr/libx/a", Thing.file("a")).holds("usr/libx", Thing.opaque());
      assertThat(hiding.move(move).see("usr/libx")).isEqualTo(link);

      World own = directoryToLink().holds("usr/libx/mine", Thing.file("m"));
      PatchPlan plan = own.plan(move);
      assertThat(plan.blocked()).isTrue();
      assertThat(plan.steps()).isEmpty();
      assertThat(plan.summary().remaining().getFirst().what()).isEqualTo("usr/libx");
      assertThat(plan.summary().remaining().getFirst().reason())
          .contains("directory into a symlink");
    }
  }

  private static World directoryToLink() {
    World world = World.of().path("usr/libx/a", Thing.file("a").of("foo"), null);
    world.next.put("usr/libx", Thing.link("lib"));
    return world;
  }

  @Test
  void aFileThatBecomesADirectory() throws IOException {
    for (Move move : List.of(Move.stopped(), LIVE)) {
      World copied = fileToDirectory().holds("usr/thing", Thing.file("f"));
      assertThat(copied.plan(move).summary().remaining()).isEmpty();
      assertThat(copied.move(move).see("usr/thing/inner").text()).isEqualTo("i");
      World edited = fileToDirectory().holds("usr/thing", Thing.file("mine"));
      assertThat(edited.plan(move).blocked()).isTrue();
    }
  }

  private static World fileToDirectory() {
    World world = World.of().path("usr/thing", Thing.file("f").of("foo"), null);
    world.next.put("usr/thing/inner", Thing.file("i").of("foo"));
    return world;
  }

  @Test
  void aBlockedContainerNamesEveryPackageThatStaysOld() throws IOException {
    World world =
        foo()
            .updated("bar", "1", "2")
            .updated("fresh", "", "1")
            .holds("var/lib/dpkg/updates/0001", Thing.file("x"));
    ContainerPlan plan = world.plan(LIVE).summary();
    assertThat(plan.remaining())
        .extracting(Remaining::what)
        .containsExactly("package database", "foo 1.0-1", "bar 1");
  }

  @Test
  void whatIsOldNowIsToldWhetherOrNotItMoves() throws IOException {
    World world = foo().updated("bar", "1", "2").updated("fresh", "", "1");
    assertThat(world.plan(LIVE).outdated())
        .extracting(Outdated::what)
        .containsExactly("foo 1.0-1", "bar 1");
    world.status(world.baseStatus().replace("Version: 1\n", "Version: 3\n"));
    assertThat(world.plan(LIVE).outdated()).extracting(Outdated::what).containsExactly("foo 1.0-1");
  }

  @Test
  void whatWasPutBesideAConfigurationFileGoesWithTheUpdateThatPutIt() throws IOException {
    World world =
        World.of()
            .updated("bar", "2", "1", "Conffiles:\n /etc/bar 0123456789abcdef0123456789abcdef\n")
            .path("etc/bar", Thing.file("two").of("bar"), Thing.file("one").of("bar"))
            .holds("etc/bar", Thing.file("edited"))
            .holds("etc/bar.dpkg-dist", Thing.file("two"));
    PatchPlan forth = world.plan(Move.stopped());
    assertThat(forth.steps()).contains(new Step.Put("etc/bar.dpkg-dist", "etc/bar", null));
    PatchPlan back = world.back().plan(Move.stopped());
    assertThat(back.steps()).contains(new Step.Remove("etc/bar.dpkg-dist"));
  }

  @Test
  void aPackageTheUpdateRemovesGoesButNotUnderOthersFeet() throws IOException {
    World gone =
        World.of().updated("bar", "1", "").path("usr/bin/bar", Thing.file("b").of("bar"), null);
    gone.status(gone.baseStatus() + World.stanza("mine", "1"));
    MemoryGuestTree guest = gone.move(Move.stopped());
    assertThat(guest.see(STATUS).text()).doesNotContain("bar").contains("Package: mine");

    World needed =
        World.of().updated("bar", "1", "").path("usr/bin/bar", Thing.file("b").of("bar"), null);
    needed.status(needed.baseStatus() + World.stanza("mine", "1", "Depends: bar\n"));
    PatchPlan plan = needed.plan(Move.stopped());
    assertThat(plan.blocked()).isTrue();
    assertThat(plan.summary().remaining().getFirst().reason()).contains("needs bar");
  }

  @Test
  void hidingManualsIsWorthANoteOnly() throws IOException {
    World world =
        World.of()
            .path("usr/share/doc/foo/NEWS", null, Thing.file("n").of("foo"))
            .holds("usr/share/doc", Thing.whiteout());
    ContainerPlan plan = world.plan(LIVE).summary();
    assertThat(plan.planClass()).isEqualTo(PlanClass.MERGEABLE);
    assertThat(plan.notes()).singleElement().asString().contains("usr/share/doc");
  }
}
