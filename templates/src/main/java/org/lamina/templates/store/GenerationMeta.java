package org.lamina.templates.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.Generation;
import org.lamina.templates.GenerationDetails;
import org.lamina.templates.HeldPackage;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.build.PackageSet;
import org.lamina.templates.patch.PackageChange;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The content of {@code meta.json}: what a generation is and where it came from.
 *
 * @param format version of this form; a reader refuses a higher one
 * @param parent number of the generation that this one lies on, null for a first build
 * @param definition as it was when this was built
 * @param packages installed packages to versions
 * @param bytes disk space of this generation's own layer
 * @param sources archives and suites used
 * @param tool program that made it
 * @param reason what it was made for; null in those of the first version of this form, as all that
 *     follows
 * @param architectures of the installed packages
 * @param changes packages that differ from the parent's
 * @param held packages that the update left old
 * @param layer name of the directory with the files, null for {@code fs}
 */
public record GenerationMeta(
    int format,
    String template,
    int number,
    @Nullable Integer parent,
    Instant created,
    TemplateDefinition definition,
    SortedMap<String, String> packages,
    long bytes,
    List<String> sources,
    String tool,
    @Nullable String reason,
    @Nullable SortedMap<String, String> architectures,
    @Nullable List<PackageChange> changes,
    @Nullable List<HeldPackage> held,
    @Nullable String layer) {
  public static final int FORMAT = 1;
  static final String FILE = "meta.json";
  static final String LAYER = "fs";
  static final String MANIFEST = "manifest.jsonl.gz";
  private static final int LIMIT = 16 << 20;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** The installed packages with their architectures, as far as they are known. */
  PackageSet packageSet() {
    return new PackageSet(packages, architectures == null ? new TreeMap<>() : architectures);
  }

  String layerName() {
    return layer == null ? LAYER : layer;
  }

  /** The same generation with its parent's files in a layer of its own. */
  GenerationMeta folded(GenerationMeta gone, String into, long size, List<PackageChange> since) {
    return new GenerationMeta(
        format,
        template,
        number,
        gone.parent,
        created,
        definition,
        packages,
        size,
        sources,
        tool,
        reason,
        architectures,
        since,
        held,
        into);
  }

  /** Replaces what is written, in one step that survives a power failure. */
  void replace(Path generation) throws IOException {
    Staging.write(generation.resolve(FILE), MAPPER.writeValueAsString(this));
  }

  List<PackageChange> changesOrNone() {
    return changes == null ? List.of() : changes;
  }

  /** For readers outside of the store. */
  GenerationDetails details(Generation generation) {
    return new GenerationDetails(
        generation,
        parent,
        reason == null ? "first build" : reason,
        packages,
        changesOrNone(),
        held == null ? List.of() : held,
        sources,
        tool);
  }

  void write(Path generation) throws IOException {
    Files.write(
        generation.resolve(FILE), MAPPER.writeValueAsBytes(this), StandardOpenOption.CREATE_NEW);
  }

  /**
   * @param generation directory of the generation
   * @throws IOException if the file is missing, damaged, of a newer form or of another generation
   */
  static GenerationMeta read(Path generation, String template, int number) throws IOException {
    Path file = generation.resolve(FILE);
    if (Files.size(file) > LIMIT) {
      throw new IOException(file + " is too long");
    }
    GenerationMeta meta;
    try {
      meta = MAPPER.readValue(Files.readAllBytes(file), GenerationMeta.class);
    } catch (JacksonException e) {
      throw new IOException(file + " is damaged: " + e.getOriginalMessage(), e);
    }
    if (meta == null || meta.format() != FORMAT) {
      throw new IOException(file + " has a form that this version does not know");
    }
    if (!template.equals(meta.template()) || meta.number() != number || !meta.complete()) {
      throw new IOException(file + " does not describe this generation");
    }
    return meta;
  }

  // Jackson leaves out what the file leaves out, whatever the types promise.
  @SuppressWarnings("ConstantValue")
  private boolean complete() {
    return created != null && definition != null && packages != null && sources != null;
  }
}
