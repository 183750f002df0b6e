package org.lamina.templates.rpm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.lamina.schema.Progress;
import org.lamina.templates.build.BuildFailure;
import org.lamina.templates.build.BuildRequest;
import org.lamina.templates.build.BuildResult;
import org.lamina.templates.build.TemplateBuilder;
import org.lamina.templates.tree.RootTree;

/** Builds root file systems of the CentOS family from the repositories of a definition. */
public final class RpmBuilder implements TemplateBuilder {
  @Override
  public String family() {
    return "rpm";
  }

  @Override
  public BuildResult build(BuildRequest request, Progress progress) throws InterruptedException {
    String what = "cannot build template " + request.definition().name();
    try {
      RepositoryPlan plan = RepositoryPlan.of(request.definition());
      HostTools tools = HostTools.in(request.scratch());
      GuestPackages packages = new GuestPackages(request, what, tools, new RpmProgress(progress));
      String tool = packages.tool();
      packages.fetch(plan);
      packages.unpack();
      packages.install();
      progress.report(RpmProgress.DONE, "preparing the root file system");
      RpmDatabase database = installed(request, packages.count());
      RpmCustomiser.customise(new RootTree(request.root()), request.definition());
      return new BuildResult(database.packages(), database.owners(), plan.names(), tool);
    } catch (IOException e) {
      throw BuildFailure.of(what, e);
    }
  }

  /** A package that rpm left out without a word would be missed only much later. */
  private static RpmDatabase installed(BuildRequest request, int fetched)
      throws IOException, InterruptedException {
    RpmDatabase database = RpmDatabase.read(List.<Path>of(request.root()), request.scratch());
    int installed = database.packages().versions().size();
    if (installed != fetched) {
      throw new IOException(
          fetched
              + " packages were fetched, but its own rpm says that "
              + installed
              + " are installed");
    }
    return database;
  }
}
