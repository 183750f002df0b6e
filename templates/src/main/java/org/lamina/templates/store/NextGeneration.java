package org.lamina.templates.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.lamina.schema.Progress;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.UpdateRequest;
import org.lamina.templates.build.BuildResult;
import org.lamina.templates.build.TemplateUpdater;
import org.lamina.templates.build.UpdateOutcome;
import org.lamina.templates.build.UpdateWork;
import org.lamina.templates.tree.DiffLayer;
import org.lamina.templates.tree.LayerTrimmer;
import org.lamina.templates.tree.LayerView;
import org.lamina.templates.tree.ManifestEntry;
import org.lamina.templates.tree.ManifestFile;
import org.lamina.templates.tree.MergedManifest;
import org.lamina.templates.tree.TreeSize;

/** Makes a complete later generation in a staging directory. The caller holds the lock. */
final class NextGeneration {
  /**
   * What came of it.
   *
   * @param ready the directory to be renamed to the generation's place, flushed to the disk; empty
   *     if nothing differs or only the plan was asked for
   * @param bytes disk space of the layer
   */
  record Made(UpdateOutcome outcome, Optional<Path> ready, long bytes) {}

  private NextGeneration() {}

  /**
   * @param base the generation to update
   * @param number of the generation to make
   * @param definition that both are of, with the suites to use now
   * @param staged an empty staging directory
   */
  static Made build(
      Generation base,
      int number,
      TemplateDefinition definition,
      TemplateUpdater updater,
      UpdateRequest request,
      Path staged,
      Path aptSources,
      Progress progress)
      throws IOException, InterruptedException {
    Path generation = closed(staged.resolve("generation"));
    Path scratch = closed(staged.resolve("scratch"));
    Path layer = closed(generation.resolve(GenerationMeta.LAYER));
    // The uppermost layer's root is the root directory that everybody sees.
    Files.setPosixFilePermissions(
        layer, Files.getPosixFilePermissions(base.layers().getFirst(), LinkOption.NOFOLLOW_LINKS));
    UpdateWork work =
        new UpdateWork(definition, base.layers(), layer, scratch, aptSources, request);
    UpdateOutcome outcome = updater.update(work, progress);
    if (outcome.made().isEmpty()) {
      return new Made(outcome, Optional.empty(), 0);
    }
    progress.report(88, "comparing with generation " + base.number());
    List<ManifestEntry> below =
        ManifestFile.read(base.directory().resolve(GenerationMeta.MANIFEST));
    BuildResult made = outcome.made().get();
    DiffLayer diff =
        LayerTrimmer.trim(
            layer,
            below,
            new LayerView(base.layers()),
            path -> updater.checksTimes() && made.owners().containsKey(path));
    long bytes = TreeSize.of(layer);
    if (diff.saysNothing() || request.dryRun()) {
      return new Made(outcome, Optional.empty(), diff.saysNothing() ? 0 : bytes);
    }
    progress.report(92, "writing the manifest");
    ManifestFile.write(
        generation.resolve(GenerationMeta.MANIFEST), MergedManifest.of(below, diff, made.owners()));
    new GenerationMeta(
            GenerationMeta.FORMAT,
            base.template(),
            number,
            base.number(),
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            definition,
            made.packages().versions(),
            bytes,
            made.sources(),
            made.tool(),
            request.describe(),
            made.packages().architectures(),
            outcome.changes(),
            outcome.held(),
            null)
        .write(generation);
    progress.report(95, "flushing to the disk");
    Staging.flush(generation);
    return new Made(outcome, Optional.of(generation), bytes);
  }

  private static Path closed(Path directory) throws IOException {
    return Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
