package org.lamina.templates.debian;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.lamina.schema.Progress;
import org.lamina.templates.HeldPackage;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.build.BuildContainer.Given;
import org.lamina.templates.build.BuildFailure;
import org.lamina.templates.build.BuildResult;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.build.TemplateUpdater;
import org.lamina.templates.build.UpdateOutcome;
import org.lamina.templates.build.UpdateWork;
import org.lamina.templates.debian.UpdateContainer.Reach;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.tree.LayerView;

/**
 * Updates Debian generations with their own apt and dpkg in a build container, in two steps: the
 * first fetches, with the network and the host's passwords but without any maintainer script; the
 * second changes the packages, without either. Signatures are checked by the host's keys.
 */
public final class DebianUpdater implements TemplateUpdater {
  @Override
  public String family() {
    return "debian";
  }

  @Override
  public UpdateOutcome update(UpdateWork work, Progress progress) throws InterruptedException {
    String what = "cannot update template " + work.definition().name();
    try {
      return new Run(work, what, new UpdateContainer(work, what), new UpdateProgress(progress))
          .go();
    } catch (IOException e) {
      throw BuildFailure.of(what, e);
    }
  }

  /** One update. */
  private record Run(
      UpdateWork work, String what, UpdateContainer container, UpdateProgress progress) {

    private UpdateOutcome go() throws IOException, InterruptedException {
      progress.start();
      UpdateRequest request = work.request();
      boolean script = request.scope() instanceof UpdateRequest.Script;
      LayerView below = new LayerView(work.layers());
      PackageSet before = DpkgDatabase.packages(below);
      SortedSet<String> held = HeldPackages.among(before);
      HeldPackages.refuse(what, request, held);
      UpdateFiles files = files(below, before, held);
      Path archives = container.directory("archives");
      List<Given> given = new ArrayList<>(files.forAll());
      given.add(new Given(archives, "archives", true));
      for (String name : List.of("lists", "cache")) {
        given.add(new Given(container.directory(name), name, true));
      }

      Path out = fetch(files, given, !script && !request.dryRun());
      List<PlannedChange> plan =
          script ? List.of() : PlannedChange.parse(Files.readString(out.resolve("plan")));
      HeldPackages.verify(what, plan, held);
      ArchiveVersions archive = ArchiveVersions.parse(Files.readString(out.resolve("versions")));
      List<HeldPackage> kept = HeldPackages.list(before, held, plan, archive, request);
      long fetched = size(archives);
      if (!script && (plan.isEmpty() || request.dryRun())) {
        return new UpdateOutcome(planned(plan, before, archive), kept, fetched, Optional.empty());
      }

      change(given, script, plan.size());
      List<Path> layers = new ArrayList<>(List.of(work.upper()));
      layers.addAll(work.layers());
      LayerView merged = new LayerView(layers);
      PackageSet after = DpkgDatabase.packages(merged);
      BuildResult made =
          new BuildResult(
              after,
              DpkgDatabase.owners(merged),
              MirrorPlan.names(files.suites()),
              "apt " + after.versions().getOrDefault("apt", "unknown"));
      UpdateLeftovers.clean(work.upper(), below);
      return new UpdateOutcome(
          before.changesTo(after, archive::security), kept, fetched, Optional.of(made));
    }

    private UpdateFiles files(LayerView below, PackageSet before, SortedSet<String> held)
        throws IOException, InterruptedException {
      String settings =
          Scripts.output(
              List.of("apt-config", "dump"),
              MmdebstrapCommand.environment(System.getenv(), work.scratch()),
              work.scratch());
      String preferences =
          UpdatePreferences.text(
              before,
              held,
              work.definition().forUpdates().suites(),
              work.request().scope() instanceof UpdateRequest.Security);
      return UpdateFiles.write(work, below, settings, preferences);
    }

    /** Returns where the plan lies. */
    private Path fetch(UpdateFiles files, List<Given> given, boolean download)
        throws IOException, InterruptedException {
      Path out = container.directory("out");
      List<Given> all = new ArrayList<>(given);
      all.addAll(files.forDownload());
      all.add(new Given(out, "out", true));
      List<String> arguments = new ArrayList<>(List.of(download ? "yes" : "no"));
      arguments.addAll(arguments());
      Path thrownAway = container.directory("thrown-away");
      container.run("fetch", arguments, thrownAway, all, Reach.MIRROR, progress::fetching);
      return out;
    }

    private void change(List<Given> given, boolean script, int packages)
        throws IOException, InterruptedException {
      progress.installing(packages, script ? "running the script" : "updating packages");
      if (script) {
        container.run("script", List.of(), work.upper(), given, Reach.NETWORK, progress::scripted);
      } else {
        container.run(
            "install", arguments(), work.upper(), given, Reach.NOTHING, progress::changing);
      }
    }

    /** What apt-get is asked for; a script's own calls are not known beforehand. */
    private List<String> arguments() {
      if (work.request().scope() instanceof UpdateRequest.Packages packages) {
        List<String> out = new ArrayList<>(List.of("install", "--"));
        out.addAll(packages.names());
        return out;
      }
      return List.of("dist-upgrade");
    }

    private static List<PackageChange> planned(
        List<PlannedChange> plan, PackageSet before, ArchiveVersions archive) {
      return plan.stream()
          .map(p -> p.asChange(before, archive))
          .sorted(
              Comparator.comparing(PackageChange::name).thenComparing(PackageChange::architecture))
          .toList();
    }

    private static long size(Path archives) throws IOException {
      long sum = 0;
      try (DirectoryStream<Path> files = Files.newDirectoryStream(archives, "*.deb")) {
        for (Path file : files) {
          sum += Files.size(file);
        }
      }
      return sum;
    }
  }
}
