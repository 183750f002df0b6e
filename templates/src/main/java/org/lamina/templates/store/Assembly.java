package org.lamina.templates.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.lamina.schema.Progress;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.build.BuildRequest;
import org.lamina.templates.build.BuildResult;
import org.lamina.templates.build.TemplateBuilder;
import org.lamina.templates.tree.ManifestEntry;
import org.lamina.templates.tree.ManifestFile;
import org.lamina.templates.tree.TreeScanner;
import org.lamina.templates.tree.TreeSize;

/** Makes a complete generation 0 in a staging directory. The caller holds the template's lock. */
final class Assembly {
  private Assembly() {}

  /**
   * @param staged an empty staging directory
   * @return the directory to be renamed to the template's name, flushed to the disk
   */
  static Path build(
      TemplateDefinition definition,
      TemplateBuilder builder,
      Path staged,
      Path aptSources,
      Progress progress)
      throws IOException, InterruptedException {
    Path template = closed(staged.resolve("template"));
    Path generation = closed(template.resolve("0"));
    Path scratch = closed(staged.resolve("scratch"));
    Path root = generation.resolve(GenerationMeta.LAYER);
    BuildResult result =
        builder.build(new BuildRequest(definition, root, scratch, aptSources), progress);
    progress.report(94, "writing the manifest");
    List<ManifestEntry> entries = TreeScanner.scan(root, result.owners());
    ManifestFile.write(generation.resolve(GenerationMeta.MANIFEST), entries);
    new GenerationMeta(
            GenerationMeta.FORMAT,
            definition.name(),
            0,
            null,
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            definition,
            result.packages().versions(),
            TreeSize.of(root),
            result.sources(),
            result.tool(),
            "first build",
            result.packages().architectures(),
            List.of(),
            List.of(),
            null)
        .write(generation);
    progress.report(97, "flushing to the disk");
    Staging.flush(generation);
    return template;
  }

  private static Path closed(Path directory) throws IOException {
    return Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
