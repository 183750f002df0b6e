package org.lamina.templates.rpm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.build.BuildContainer;
import org.lamina.templates.build.BuildContainer.Given;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.build.Resource;
import org.lamina.templates.build.UpdateWork;
import org.lamina.templates.rpm.RpmProgress.Phase;
import org.lamina.templates.tree.LayerView;
import org.lamina.templates.tree.RootTree;

/** The steps of one update, each with only what it needs. Not thread safe. */
final class UpdatePackages {
  private static final List<String> DATABASES = List.of("usr/lib/sysimage/rpm", "var/lib/rpm");

  private final UpdateWork work;
  private final String what;
  private final RpmProgress progress;
  private final Path given;
  private final Path packages;
  private List<String> sources = List.of();

  UpdatePackages(UpdateWork work, String what, RpmProgress progress) throws IOException {
    this.work = work;
    this.what = what;
    this.progress = progress;
    given = HostTools.open(work.scratch().resolve("given"));
    packages = HostTools.open(work.scratch().resolve("packages"));
    HostTools.put(given.resolve("closed.sh"), Resource.text(UpdatePackages.class, "closed.sh"));
    for (String step : List.of("offers", "fetch", "install", "script", "check")) {
      HostTools.put(
          given.resolve(step + ".sh"),
          Resource.text(UpdatePackages.class, "update-" + step + ".sh"));
    }
  }

  /** Identifiers and addresses of what was used. */
  List<String> sources() {
    return sources;
  }

  /**
   * Fetches what the request asks for, without changing anything.
   *
   * @param held names of installed packages that are not to change
   */
  UpdatePlan fetch(PackageSet before, Set<String> held) throws IOException, InterruptedException {
    TemplateDefinition definition = work.definition();
    RepositoryPlan plan = RepositoryPlan.of(definition);
    plan.check(what);
    sources = plan.names();
    HostTools tools = HostTools.in(work.scratch());
    Path keys = HostTools.open(given.resolve("keys"));
    RepositoryKeys.copy(what, RepositoryPlan.archive(definition).keys(), keys, tools);
    Path own = HostTools.open(work.scratch().resolve("work"));
    String directory = database(HostTools.open(own.resolve("root")));
    HostTools.put(given.resolve(".rpmmacros"), "%_dbpath /" + directory + "\n");
    Path settings = given.resolve("dnf.conf");
    HostTools.put(settings, DnfSettings.text(definition, plan, List.of()));
    List<Given> seen = new ArrayList<>(plan.given());
    seen.add(new Given(given, "given", false));
    seen.add(new Given(packages, "packages", true));
    seen.add(new Given(own, "work", true));
    progress.enter(Phase.FETCH, before.versions().size());
    Path out = own.resolve("out");
    TemplateLocks locks = TemplateLocks.of(new LayerView(work.layers()));
    if (!locks.isEmpty()) {
      ask(tools, seen, List.of("/run/lamina/given/offers.sh"));
      locks = locks.against(Files.readString(out.resolve("offers")));
      locks.refuse(what, work.request());
      HostTools.put(settings, DnfSettings.text(definition, plan, locks.excluded()));
    }
    List<String> program = new ArrayList<>(List.of("/run/lamina/given/fetch.sh"));
    program.addAll(held);
    program.add("--");
    program.addAll(asked());
    ask(tools, seen, program);
    return UpdatePlan.parse(
        Files.readString(out.resolve("after")),
        Files.readString(out.resolve("newer")),
        Files.readString(out.resolve("security")),
        Files.exists(out.resolve("advisories")),
        locks.offers());
  }

  private void ask(HostTools tools, List<Given> seen, List<String> program)
      throws IOException, InterruptedException {
    RpmLog log = new RpmLog();
    List<String> words = new ArrayList<>(List.of("/bin/sh"));
    words.addAll(program);
    int status =
        tools.run(
            seen,
            true,
            words,
            line -> {
              log.add(line);
              progress.accept(line);
            });
    if (status != 0) {
      throw log.failure(what, "fetching packages", status);
    }
  }

  /** dnf itself knows {@code NAME-VERSION}; the option is as for every family. */
  private List<String> asked() {
    if (work.request().scope() instanceof UpdateRequest.Packages named) {
      List<String> out = new ArrayList<>(List.of("install", "--"));
      named.names().forEach(n -> out.add(n.replaceFirst(":([^=]*)", ".$1").replace('=', '-')));
      return out;
    }
    return work.request().scope() instanceof UpdateRequest.Security
        ? List.of("--security", "upgrade")
        : List.of("upgrade");
  }

  /** A copy of the generation's package database; answers with its directory. */
  private String database(Path root) throws IOException {
    LayerView view = new LayerView(work.layers());
    for (String directory : DATABASES) {
      Map<String, Path> files = view.list(directory);
      DatabaseForm.check(what, files.keySet());
      if (!files.isEmpty()) {
        Path copy = root.resolve(directory);
        Files.createDirectories(copy);
        for (Map.Entry<String, Path> file : files.entrySet()) {
          if (Files.isRegularFile(file.getValue(), LinkOption.NOFOLLOW_LINKS)) {
            Files.copy(file.getValue(), copy.resolve(file.getKey()));
          }
        }
        return directory;
      }
    }
    throw new IOException("the generation has no rpm database");
  }

  /** Changes the packages by the generation's own rpm. */
  void install() throws IOException, InterruptedException {
    progress.enter(Phase.INSTALL, count());
    inside(
        "install",
        work.layers(),
        List.of(new Given(given, "given", false), new Given(packages, "packages", false)),
        false,
        "the generation's own rpm");
  }

  /** Runs the operator's script, with the network. */
  void script(String text) throws IOException, InterruptedException {
    Path file = given.resolve("script");
    Files.writeString(file, text, StandardCharsets.UTF_8);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path resolver = HostTools.open(work.scratch().resolve("resolver"));
    Path own = Path.of("/etc/resolv.conf");
    if (Files.isReadable(own)) {
      new RootTree(resolver).write("etc/resolv.conf", Files.readString(own), "rw-r--r--");
    }
    List<Path> layers = new ArrayList<>(List.of(resolver));
    layers.addAll(work.layers());
    progress.enter(Phase.INSTALL, 0);
    inside("script", layers, List.of(new Given(given, "given", false)), true, "the script");
  }

  private void inside(String step, List<Path> layers, List<Given> seen, boolean network, String who)
      throws IOException, InterruptedException {
    RpmLog log = new RpmLog();
    int status =
        new BuildContainer(layers, work.upper(), work.scratch())
            .run(
                seen,
                network,
                RpmDatabase.environment(),
                List.of("/bin/sh", "/run/lamina/given/" + step + ".sh"),
                line -> {
                  log.add(line);
                  progress.accept(line);
                });
    if (status != 0) {
      throw log.failure(what, who, status);
    }
  }

  private int count() throws IOException {
    int count = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(packages, "*.rpm")) {
      for (Path _ : files) {
        count++;
      }
    }
    return count;
  }

  /** Size of what was fetched. */
  long bytes() throws IOException {
    long sum = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(packages, "*.rpm")) {
      for (Path file : files) {
        sum += Files.size(file);
      }
    }
    return sum;
  }
}
