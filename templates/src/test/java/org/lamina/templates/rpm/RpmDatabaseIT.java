package org.lamina.templates.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.Ctid;
import org.lamina.templates.build.HelperProcess;
import org.lamina.templates.patch.ChangeKind;
import org.lamina.templates.patch.DeltaLayers;
import org.lamina.templates.patch.DeltaReader;
import org.lamina.templates.patch.DeltaScan;
import org.lamina.templates.patch.DeltaTree;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.Interest;
import org.lamina.templates.patch.Outdated;
import org.lamina.templates.patch.PackageDatabase;
import org.lamina.templates.patch.PackageFamily;
import org.lamina.templates.patch.PathChange;
import org.lamina.templates.patch.Remaining;
import org.lamina.templates.patch.TemplateTree;
import org.lamina.templates.patch.rpm.RpmFamily;
import org.lamina.templates.tree.ManifestEntry;
import org.lamina.templates.tree.TreeRemover;

/**
 * Real databases, made and merged by a real rpm in build containers. The generations are this
 * host's rpm with a package database above it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RpmDatabaseIT {
  private static final Ctid CT = new Ctid(2100);
  private static final String DATABASE = "var/lib/rpm";
  private static final String FILE = DATABASE + "/rpmdb.sqlite";

  /** A system of just rpm and what the questions to it take. */
  private static final String TOOLS =
      """
      cd "$1"
      mkdir -p usr/bin usr/lib usr/lib64 usr/sbin dev proc run tmp etc var/lib
      for name in bin lib lib64 sbin; do ln -s usr/$name $name; done
      for name in sh rpm rpmdb rpmkeys mkdir cp find rm ls cat; do
        program=$(readlink -f "$(command -v $name)")
        cp "$program" usr/bin/$name
        ldd "$program" | grep -o '/[^ ]*' | sort -u | while read -r library; do
          mkdir -p ".$(dirname "$library")"
          cp -L "$library" ".$library"
        done
      done
      cp -a /usr/lib/rpm usr/lib/
      """;

  @TempDir static Path dir;
  private Path tools;
  private Path base;
  private Path next;

  @BeforeAll
  void makeGenerations() throws IOException, InterruptedException {
    build("one", "1", "");
    build("one", "2", "");
    build("two", "1", "");
    build("two", "2", "");
    build("own", "7", "");
    build("tied", "1", "Requires: one = 1");
    tools = Files.createDirectory(dir.resolve("tools"));
    run("sh", "-euc", TOOLS, "sh", tools.toString());
    base = system("base", "one-1", "two-1");
    next = system("next", "one-2", "two-2");
  }

  private void build(String name, String version, String more)
      throws IOException, InterruptedException {
    Path spec = dir.resolve(name + "-" + version + ".spec");
    Files.writeString(
        spec,
        """
        Name: %1$s
        Version: %2$s
        Release: 1
        Summary: a test
        License: none
        BuildArch: noarch
        AutoReqProv: no
        %3$s
        %%description
        a test
        %%install
        mkdir -p %%{buildroot}/etc %%{buildroot}/usr/share/%1$s
        echo %2$s >%%{buildroot}/etc/%1$s.conf
        echo %2$s >%%{buildroot}/usr/share/%1$s/file
        %%files
        %%config(noreplace) /etc/%1$s.conf
        /usr/share/%1$s
        """
            .formatted(name, version, more));
    run("rpmbuild", "-bb", "--quiet", "--define", "_topdir " + dir.resolve("rpm"), spec.toString());
  }

  private List<String> run(String... argv) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    int status =
        HelperProcess.run(
            List.of(argv),
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "HOME", dir.toString(), "LC_ALL", "C"),
            dir,
            lines::add);
    assertThat(status).describedAs("%s: %s", List.of(argv), lines).isZero();
    return lines;
  }

  private Path system(String name, String... packages) throws IOException, InterruptedException {
    Path root = Files.createDirectories(dir.resolve(name));
    install(root, packages);
    return root;
  }

  private void install(Path root, String... packages) throws IOException, InterruptedException {
    if (packages.length == 0) {
      return;
    }
    List<String> argv =
        new ArrayList<>(
            List.of(
                "rpm",
                "--root",
                root.toString(),
                "--dbpath",
                "/" + DATABASE,
                "-U",
                "--oldpackage",
                "--nodeps"));
    for (String one : packages) {
      argv.add(dir.resolve("rpm/RPMS/noarch/" + one + "-1.noarch.rpm").toString());
    }
    run(argv.toArray(new String[0]));
  }

  /** A container's delta: the whole system with the container's own packages. */
  private Path container(String name, String... packages) throws IOException, InterruptedException {
    Path upper = dir.resolve(name).resolve("root/upper");
    Files.createDirectories(upper);
    run("cp", "-a", base + "/.", upper.toString());
    install(upper, packages);
    return dir.resolve(name);
  }

  private record Root(Path root) implements TemplateTree {
    @Override
    public @Nullable ManifestEntry find(String path) {
      return Files.isRegularFile(root.resolve(path))
          ? new ManifestEntry(
              "/" + path, "file", "0644", 0, 0, 1L, root + path, null, null, null, null, null)
          : null;
    }

    @Override
    public InputStream open(String path) throws IOException {
      return Files.newInputStream(root.resolve(path));
    }

    @Override
    public Instant modified(String path) throws IOException {
      return Files.getLastModifiedTime(root.resolve(path)).toInstant();
    }
  }

  private PackageFamily.View view(Path delta) throws IOException {
    Root from = new Root(base);
    Root to = new Root(next);
    GenerationDiff diff =
        new GenerationDiff(
            "t",
            0,
            1,
            List.of(new PathChange(FILE, ChangeKind.CHANGED, from.find(FILE), to.find(FILE))),
            List.of());
    Path scratch = dir.resolve("scratch");
    RpmFamily family =
        new RpmFamily(
            diff,
            from,
            to,
            new GuestRpm(List.of(base, tools), scratch),
            new GuestRpm(List.of(next, tools), scratch));
    DeltaLayers layers = DeltaLayers.of(delta);
    DeltaTree tree = DeltaScan.scan(layers, Interest.in(family.paths(), family.trees()));
    return family.view(CT, tree, new DeltaReader(layers, tree, 0));
  }

  /** The merged database, with rpm's answers about it. */
  private List<String> made(PackageDatabase database, String name) throws Exception {
    Path out = Files.createDirectory(dir.resolve(name));
    try (PackageDatabase.Made made = database.maker().make()) {
      for (String path : database.made()) {
        try (InputStream in = made.open(path)) {
          Files.copy(in, out.resolve(path.substring(path.lastIndexOf('/') + 1)));
        }
      }
    }
    assertThat(dir.resolve("scratch")).isEmptyDirectory();
    assertThat(run("rpm", "--dbpath", out.toString(), "-Va", "--nofiles")).isEmpty();
    List<String> packages = new ArrayList<>(run("rpm", "--dbpath", out.toString(), "-qa"));
    packages.sort(null);
    return packages;
  }

  @Test
  void ownPackagesJoinTheNewGenerations() throws Exception {
    PackageFamily.View view = view(container("own", "own-7"));
    assertThat(view.blockers()).isEmpty();
    assertThat(view.database().made()).containsExactly(FILE);
    assertThat(view.database().gone()).contains(FILE + "-wal", FILE + "-shm");
    assertThat(view.database().settled()).contains(FILE, FILE + "-wal", FILE + "-shm");
    assertThat(made(view.database(), "own-made"))
        .containsExactly("one-2-1.noarch", "own-7-1.noarch", "two-2-1.noarch");
  }

  @Test
  void aDatabaseThatIsTheNewGenerationsIsTaken() throws Exception {
    PackageFamily.View view = view(container("same", "one-2", "two-2"));
    assertThat(view.blockers()).isEmpty();
    assertThat(view.notes()).hasSize(2);
    // Installed at another time, so the headers are others; the new generation's are taken.
    assertThat(view.database().made()).isEmpty();
    assertThat(view.outdated()).isEmpty();
  }

  @Test
  void whatRpmFindsUnmetStopsTheMove() throws Exception {
    PackageFamily.View view = view(container("tied", "tied-1"));
    assertThat(view.blockers())
        .singleElement()
        .extracting(Remaining::what, Remaining::reason)
        .containsExactly(
            "tied 1-1", "after the update one = 1 is needed by (installed) tied-1-1.noarch");
    assertThat(view.outdated()).extracting(Outdated::name).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void whatIsOnlyInTheLogOfTheDatabaseCounts() throws Exception {
    Path delta = container("log");
    Path database = delta.resolve("root/upper").resolve(DATABASE);
    Path other = system("with-own", "one-1", "two-1", "own-7");
    Path log = Files.createDirectory(dir.resolve("log-of"));
    // Another program holds the database open, so that nobody writes its log into it.
    run(
        "python3",
        "-c",
        """
        import shutil, sqlite3, sys
        there, donor, out = sys.argv[1:]
        c = sqlite3.connect(there)
        c.execute("pragma journal_mode = wal")
        c.execute("attach ? as d", (donor,))
        for (t,) in c.execute("select name from sqlite_master where type = 'table'").fetchall():
            if t.startswith("sqlite_"):
                continue
            c.execute("delete from main.[%s]" % t)
            c.execute("insert into main.[%s] select * from d.[%s]" % (t, t))
        c.commit()
        for suffix in ("", "-wal"):
            shutil.copy(there + suffix, out + "/rpmdb.sqlite" + suffix)
        """,
        database.resolve("rpmdb.sqlite").toString(),
        other.resolve(FILE).toString(),
        log.toString());
    assertThat(Files.size(log.resolve("rpmdb.sqlite-wal"))).isPositive();
    run("cp", "-a", log + "/.", database.toString());
    assertThat(made(view(delta).database(), "log-made"))
        .containsExactly("one-2-1.noarch", "own-7-1.noarch", "two-2-1.noarch");
  }

  @Test
  void aDamagedDatabaseStopsTheMove() throws Exception {
    Path delta = container("damaged", "own-7");
    Files.writeString(delta.resolve("root/upper").resolve(FILE), "x".repeat(50_000));
    assertThat(view(delta).blockers()).extracting(Remaining::what).contains("package database");
    assertThat(dir.resolve("scratch")).isEmptyDirectory();
  }

  /** As of a guest whose rpm was built without the format that its settings ask for. */
  @Test
  void aFormatThatTheGuestsRpmDoesNotKnowIsRefused() throws Exception {
    Path odd = dir.resolve("odd");
    Files.createDirectories(odd.resolve("etc/rpm"));
    Files.writeString(odd.resolve("etc/rpm/macros.odd"), "%_db_backend ndb\n");
    Path scratch = dir.resolve("scratch");
    GuestRpm guest = new GuestRpm(List.of(base, tools), scratch);
    GuestRpm oddGuest = new GuestRpm(List.of(odd, base, tools), scratch);
    Path first = guest.workplace();
    assertThatThrownBy(() -> oddGuest.readOwn(first))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("while attempting ndb backend");
    TreeRemover.remove(first);
    Path work = guest.workplace();
    assertThat(guest.readOwn(work)).isEmpty();
    assertThatThrownBy(() -> oddGuest.build(work))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("invalid %_db_backend: ndb");
    TreeRemover.remove(work);
  }

  @Test
  void nobodyElsesDatabaseIsReadThroughALink() throws Exception {
    Path delta = container("link", "own-7");
    Path database = delta.resolve("root/upper").resolve(FILE);
    Files.delete(database);
    Files.createSymbolicLink(database, next.resolve(FILE));
    PackageFamily.View view = view(delta);
    assertThat(view.blockers()).extracting(Remaining::what).contains("package database");
  }
}
