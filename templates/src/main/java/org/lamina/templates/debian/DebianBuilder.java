package org.lamina.templates.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Progress;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.build.BuildFailure;
import org.lamina.templates.build.BuildRequest;
import org.lamina.templates.build.BuildResult;
import org.lamina.templates.build.HelperProcess;
import org.lamina.templates.build.TemplateBuilder;
import org.lamina.templates.tree.LayerView;
import org.lamina.templates.tree.RootTree;

/** Builds with mmdebstrap from the archive that the host itself uses, signatures checked. */
public final class DebianBuilder implements TemplateBuilder {
  @Override
  public String family() {
    return "debian";
  }

  @Override
  public BuildResult build(BuildRequest request, Progress progress) throws InterruptedException {
    TemplateDefinition definition = request.definition();
    try {
      MirrorPlan plan = MirrorPlanner.plan(AptSourceFiles.read(request.aptSources()), definition);
      List<Optional<Path>> keyrings = new ArrayList<>();
      for (MirrorPlan.Suite suite : plan.suites()) {
        keyrings.add(Keyrings.of(suite.signedBy(), request.scratch(), "key-" + keyrings.size()));
      }
      String tool = install(request, plan, keyrings, progress);
      progress.report(MmdebstrapProgress.DONE, "preparing the root file system");
      return finish(request, plan, keyrings, tool);
    } catch (IOException e) {
      throw BuildFailure.of("cannot build template " + definition.name(), e);
    }
  }

  private static String install(
      BuildRequest request, MirrorPlan plan, List<Optional<Path>> keyrings, Progress progress)
      throws IOException, InterruptedException {
    TemplateDefinition definition = request.definition();
    Path scratch = request.scratch();
    Map<String, String> environment = MmdebstrapCommand.environment(System.getenv(), scratch);
    String tool = tool(definition, environment, scratch);
    Path settings = scratch.resolve("apt.conf");
    String dump = Scripts.output(List.of("apt-config", "dump"), environment, scratch);
    List<String> lines = new ArrayList<>(AptSettings.shared(dump));
    lines.addAll(AptSettings.credentials(request.aptSources()));
    Files.write(settings, lines, StandardCharsets.UTF_8);
    List<String> argv =
        MmdebstrapCommand.argv(
            definition, plan, keyrings, settings, hook(definition), request.root());
    BuildLog log = new BuildLog();
    MmdebstrapProgress shown = new MmdebstrapProgress(progress);
    int status =
        HelperProcess.run(
            argv,
            environment,
            scratch,
            line -> {
              log.add(line);
              shown.accept(line);
            });
    if (status != 0) {
      throw log.failure(
          "cannot build template " + definition.name(),
          "mmdebstrap",
          status,
          "Correct the packages of the template's definition.");
    }
    return tool;
  }

  private static String tool(
      TemplateDefinition definition, Map<String, String> environment, Path scratch)
      throws InterruptedException {
    try {
      return Scripts.output(List.of("mmdebstrap", "--version"), environment, scratch).strip();
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.TEMPLATE_BUILD_FAILED,
          "cannot build template " + definition.name() + ": mmdebstrap does not run on this host",
          "Install it: apt-get install mmdebstrap",
          e);
    }
  }

  private static Optional<String> hook(TemplateDefinition definition) {
    return definition.init().equals("sysvinit")
        ? Optional.of(Scripts.text("sysvinit-hook.sh"))
        : Optional.empty();
  }

  private static BuildResult finish(
      BuildRequest request, MirrorPlan plan, List<Optional<Path>> keyrings, String tool)
      throws IOException {
    Path root = request.root();
    RootTree tree = new RootTree(root);
    List<MirrorPlan.Suite> used = plan.suites();
    List<String> inside = new ArrayList<>();
    if (plan.builtIn()) {
      used = MirrorPlan.suitesOf(AptSourceFiles.read(root.resolve("etc/apt")));
      used.forEach(s -> inside.add(s.signedBy().filter(k -> k.startsWith("/")).orElse("")));
    } else {
      for (Optional<Path> keyring : keyrings) {
        inside.add(keyring.isPresent() ? guestKeyring(tree, keyring.get()) : "");
      }
    }
    DebianCustomiser.customise(tree, request.definition());
    tree.write(
        "etc/apt/sources.list.d/debian.sources", GuestSources.deb822(used, inside), "rw-r--r--");
    LayerView view = new LayerView(List.of(root));
    return new BuildResult(
        DpkgDatabase.packages(view), DpkgDatabase.owners(view), MirrorPlan.names(used), tool);
  }

  /** A keyring that the container's own packages do not bring is copied in. */
  private static String guestKeyring(RootTree tree, Path keyring) throws IOException {
    String path = keyring.toString();
    if (tree.exists(path.substring(1))) {
      return path;
    }
    String copy = "etc/apt/keyrings/" + keyring.getFileName();
    tree.write(copy, Files.readAllBytes(keyring), "rw-r--r--");
    return "/" + copy;
  }
}
