package org.lamina.templates.rpm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Progress;
import org.lamina.templates.HeldPackage;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.build.BuildFailure;
import org.lamina.templates.build.BuildResult;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.build.TemplateUpdater;
import org.lamina.templates.build.UpdateOutcome;
import org.lamina.templates.build.UpdateWork;
import org.lamina.templates.tree.LayerView;

/**
 * Updates generations of the rpm family in two steps: the host's dnf finds out what to change and
 * fetches it, signatures checked, with the network and without running anything of it; the
 * generation's own rpm installs it in a build container, without the network.
 */
public final class RpmUpdater implements TemplateUpdater {
  @Override
  public String family() {
    return "rpm";
  }

  @Override
  public boolean checksTimes() {
    return true;
  }

  @Override
  public UpdateOutcome update(UpdateWork work, Progress progress) throws InterruptedException {
    String what = "cannot update template " + work.definition().name();
    try {
      return update(work, what, new RpmProgress(progress));
    } catch (IOException e) {
      throw BuildFailure.of(what, e);
    }
  }

  private static UpdateOutcome update(UpdateWork work, String what, RpmProgress progress)
      throws IOException, InterruptedException {
    UpdateRequest request = work.request();
    PackageSet before = RpmDatabase.read(work.layers(), work.scratch()).packages();
    UpdatePackages packages = new UpdatePackages(work, what, progress);
    if (request.scope() instanceof UpdateRequest.Script script) {
      packages.script(script.text());
      return made(work, before, Set.of(), List.of(), 0, packages.sources());
    }
    Set<String> held = HeldNames.among(before);
    HeldNames.refuse(what, request, held);
    UpdatePlan plan = packages.fetch(before, held);
    if (request.scope() instanceof UpdateRequest.Security && !plan.advisories()) {
      throw new LaminaException(
          ExitCode.TEMPLATE_BUILD_FAILED,
          what + ": its repositories publish no advisories, so nobody can say what is security",
          "Update all of it, or name the packages: vzpkg update cache TEMPLATE --package NAME.");
    }
    List<HeldPackage> kept = plan.held(before);
    long bytes = packages.bytes();
    if (plan.changes(before).isEmpty() || request.dryRun()) {
      return new UpdateOutcome(plan.changes(before), kept, bytes, Optional.empty());
    }
    packages.install();
    return made(work, before, plan.security(), kept, bytes, packages.sources());
  }

  private static UpdateOutcome made(
      UpdateWork work,
      PackageSet before,
      Set<String> security,
      List<HeldPackage> kept,
      long bytes,
      List<String> sources)
      throws IOException, InterruptedException {
    List<Path> layers = new ArrayList<>(List.of(work.upper()));
    layers.addAll(work.layers());
    RpmDatabase database = RpmDatabase.read(layers, work.scratch());
    PackageSet after = database.packages();
    UpdateRemains.clean(work.upper(), new LayerView(work.layers()));
    return new UpdateOutcome(
        before.changesTo(
            after, (name, from, to) -> to != null && security.contains(name + "-" + to)),
        kept,
        bytes,
        Optional.of(
            new BuildResult(
                after,
                database.owners(),
                sources,
                "rpm " + after.versions().getOrDefault("rpm", "unknown"))));
  }
}
