package org.lamina.templates.rpm;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.build.BuildContainer;
import org.lamina.templates.build.BuildContainer.Given;
import org.lamina.templates.build.BuildRequest;
import org.lamina.templates.build.Resource;
import org.lamina.templates.rpm.RpmProgress.Phase;
import org.lamina.templates.tree.TreeRemover;

/**
 * The packages of one new root file system, in three steps that each have only what they need: the
 * host's dnf fetches and checks, with the network; the host's rpm unpacks, without; the new
 * system's own rpm installs, without network and without anything of the host. Not thread safe.
 */
final class GuestPackages {
  private static final int NO_SUCH_PROGRAM = 127;
  private static final Pattern VERSION = Pattern.compile("(dnf5 version )?[0-9]+\\.[0-9][0-9.]*");
  private static final String UNPACKED = ".lamina-unpacked";

  private final BuildRequest request;
  private final String what;
  private final HostTools tools;
  private final RpmProgress progress;
  private final Path packages;
  private final Path given;

  GuestPackages(BuildRequest request, String what, HostTools tools, RpmProgress progress)
      throws IOException {
    this.request = request;
    this.what = what;
    this.tools = tools;
    this.progress = progress;
    packages = HostTools.open(request.scratch().resolve("packages"));
    given = HostTools.open(request.scratch().resolve("given"));
    // Debian's rpm keeps its database in root's home, which no other rpm would find.
    HostTools.put(given.resolve(".rpmmacros"), "%_dbpath %{_var}/lib/rpm\n");
    for (String step : List.of("fetch", "unpack", "install", "closed")) {
      HostTools.put(given.resolve(step + ".sh"), Resource.text(GuestPackages.class, step + ".sh"));
    }
  }

  /** The version of the dnf that fetches. */
  String tool() throws IOException, InterruptedException {
    // It ends with a status of its own kind where it finds no database; what counts is the answer.
    AtomicReference<String> answer = new AtomicReference<>();
    int status =
        tools.run(
            List.of(new Given(given, "given", false)),
            false,
            List.of("/usr/bin/dnf", "--config=/dev/null", "--version"),
            line -> {
              if (VERSION.matcher(line.strip()).matches()) {
                answer.compareAndSet(null, line);
              }
            });
    String version = answer.get();
    if (version == null) {
      throw missing("dnf", status);
    }
    return "dnf " + version.strip();
  }

  /** Downloads what the definition asks for with all that it needs, signatures checked. */
  void fetch(RepositoryPlan plan) throws IOException, InterruptedException {
    TemplateDefinition definition = request.definition();
    plan.check(what);
    Path keys = HostTools.open(given.resolve("keys"));
    RepositoryKeys.copy(what, RepositoryPlan.archive(definition).keys(), keys, tools);
    HostTools.put(given.resolve("dnf.conf"), DnfSettings.text(definition, plan, List.of()));
    progress.enter(Phase.FETCH, 0);
    List<Given> seen = new ArrayList<>(plan.given());
    seen.add(new Given(given, "given", false));
    seen.add(new Given(packages, "packages", true));
    seen.add(new Given(HostTools.open(request.scratch().resolve("work")), "work", true));
    List<String> program = new ArrayList<>(List.of("/bin/sh", "/run/lamina/given/fetch.sh"));
    program.addAll(definition.packages());
    RpmLog log = new RpmLog();
    int status =
        tools.run(
            seen,
            true,
            program,
            line -> {
              log.add(line);
              progress.accept(line);
            });
    if (status == NO_SUCH_PROGRAM) {
      throw missing("dnf or rpm", status);
    }
    if (status != 0) {
      throw log.failure(what, "fetching packages", status);
    }
  }

  /** Lays out the files, so that the new system's programs can run. */
  void unpack() throws IOException, InterruptedException {
    Path root = HostTools.open(request.root());
    progress.enter(Phase.UNPACK, count());
    RpmLog log = new RpmLog();
    int status =
        tools.run(
            List.of(
                new Given(given, "given", false),
                new Given(packages, "packages", false),
                new Given(root, "root", true)),
            false,
            List.of("/bin/sh", "/run/lamina/given/unpack.sh"),
            line -> {
              log.add(line);
              progress.accept(line);
            });
    if (status != 0) {
      throw log.failure(what, "unpacking packages", status);
    }
    TreeRemover.remove(root.resolve(UNPACKED));
  }

  /** Installs by the new system's own rpm, which runs what the packages bring. */
  void install() throws IOException, InterruptedException {
    progress.enter(Phase.INSTALL, count());
    RpmLog log = new RpmLog();
    int status =
        new BuildContainer(List.of(), request.root(), request.scratch())
            .run(
                List.of(new Given(given, "given", false), new Given(packages, "packages", false)),
                false,
                RpmDatabase.environment(),
                List.of("/bin/sh", "/run/lamina/given/install.sh"),
                line -> {
                  log.add(line);
                  progress.accept(line);
                });
    if (status != 0) {
      throw log.failure(what, "the new system's own rpm", status);
    }
  }

  /** How many packages were fetched. */
  int count() throws IOException {
    int count = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(packages, "*.rpm")) {
      for (Path _ : files) {
        count++;
      }
    }
    return count;
  }

  private LaminaException missing(String program, int status) {
    return new LaminaException(
        ExitCode.TEMPLATE_BUILD_FAILED,
        what + ": " + program + " does not run on this host (status " + status + ")",
        "Install what templates of the rpm family are built with: apt-get install dnf rpm");
  }
}
