package org.lamina.templates.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;
import org.lamina.templates.DefinitionProblem;
import org.lamina.templates.Generation;
import org.lamina.templates.GenerationDetails;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.tree.ManifestEntry;
import org.lamina.templates.tree.ManifestFile;

/**
 * Reads what is published. A generation never changes, so what was read once is kept until its file
 * is another one. Thread safe.
 */
public final class Publications {
  private record Known(
      FileTime written, Object identity, @Nullable Generation parent, Generation generation) {}

  private final StoreLayout layout;
  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  public Publications(StoreLayout layout) {
    this.layout = layout;
  }

  /** The newest generation of each template; what cannot be read is left to {@link #problems}. */
  public List<Generation> newest() {
    return templates().stream().map(this::readable).flatMap(Optional::stream).toList();
  }

  /** One damaged template must not hide the others. */
  private Optional<Generation> readable(String template) {
    try {
      return newest(template);
    } catch (LaminaException e) {
      return Optional.empty();
    }
  }

  /** Published templates whose newest generation cannot be used. */
  public List<DefinitionProblem> problems() {
    List<DefinitionProblem> out = new ArrayList<>();
    for (String name : templates()) {
      try {
        newest(name);
      } catch (LaminaException e) {
        out.add(new DefinitionProblem(name, layout.template(name), e.text()));
      }
    }
    return out;
  }

  /**
   * @throws LaminaException SYSTEM if it is there but cannot be read
   */
  public Optional<Generation> newest(String template) {
    List<Integer> numbers = numbers(template);
    return numbers.isEmpty() ? Optional.empty() : Optional.of(read(template, numbers.getLast()));
  }

  /**
   * @throws LaminaException SYSTEM if it is there but cannot be read
   */
  public Optional<Generation> generation(String template, int number) {
    return numbers(template).contains(number)
        ? Optional.of(read(template, number))
        : Optional.empty();
  }

  /**
   * Every generation of a template, ascending; empty if there is no such template.
   *
   * @throws LaminaException SYSTEM if one cannot be read
   */
  public List<Generation> generations(String template) {
    return numbers(template).stream().map(n -> read(template, n)).toList();
  }

  /**
   * @throws LaminaException SYSTEM if it is there but cannot be read
   */
  public Optional<GenerationDetails> details(String template, int number) {
    return generation(template, number).map(g -> meta(template, number).details(g));
  }

  /** The definition that a published generation was made with. */
  public TemplateDefinition definition(Generation generation) {
    return meta(generation.template(), generation.number()).definition();
  }

  /**
   * What differs between two published generations, in either direction.
   *
   * @param timed whether a file of a package at another time is another file
   * @throws LaminaException SYSTEM if one of them or a generation between them cannot be read
   */
  public GenerationDiff diff(Generation from, Generation to, boolean timed) {
    String template = from.template();
    int low = Math.min(from.number(), to.number());
    int high = Math.max(from.number(), to.number());
    List<GenerationMeta> between =
        numbers(template).stream()
            .filter(n -> n > low && n <= high)
            .map(n -> meta(template, n))
            .toList();
    return new GenerationDiff(
        template,
        from.number(),
        to.number(),
        GenerationDiffs.paths(manifest(from), manifest(to), timed),
        GenerationDiffs.packages(
            meta(template, from.number()), meta(template, to.number()), between));
  }

  private List<ManifestEntry> manifest(Generation generation) {
    try {
      return ManifestFile.read(generation.directory().resolve(GenerationMeta.MANIFEST));
    } catch (IOException e) {
      throw unreadable(
          "generation " + generation.number() + " of template " + generation.template(), e);
    }
  }

  private GenerationMeta meta(String template, int number) {
    try {
      return GenerationMeta.read(layout.generation(template, number), template, number);
    } catch (IOException e) {
      throw unreadable("generation " + number + " of template " + template, e);
    }
  }

  /** Whether anything is published under this name, readable or not. */
  public boolean exists(String template) {
    return !numbers(template).isEmpty();
  }

  private List<String> templates() {
    try {
      return layout.templates();
    } catch (IOException e) {
      throw unreadable("the template store " + layout.root(), e);
    }
  }

  private List<Integer> numbers(String template) {
    try {
      return layout.generations(template).stream()
          .filter(n -> !Files.exists(layout.folding(template, n)))
          .toList();
    } catch (IOException e) {
      throw unreadable("template " + template, e);
    }
  }

  private Generation read(String template, int number) {
    Path directory = layout.generation(template, number);
    try {
      Path file = directory.resolve(GenerationMeta.FILE);
      FileTime written = Files.getLastModifiedTime(file);
      Object identity = Files.getAttribute(file, "unix:ino");
      @Nullable Known before = known.get(directory);
      if (before != null
          && before.written.equals(written)
          && before.identity.equals(identity)
          && (before.parent == null
              || read(template, before.parent.number()).equals(before.parent))) {
        return before.generation;
      }
      Known now = load(directory, template, number, written, identity);
      known.put(directory, now);
      return now.generation;
    } catch (IOException e) {
      throw unreadable("generation " + number + " of template " + template, e);
    }
  }

  private Known load(Path directory, String template, int number, FileTime written, Object identity)
      throws IOException {
    GenerationMeta meta = GenerationMeta.read(directory, template, number);
    List<Path> layers = new ArrayList<>();
    layers.add(directory.resolve(meta.layerName()));
    @Nullable Integer lower = meta.parent();
    if (lower != null && (lower >= number || lower < 0)) {
      throw new IOException("its parent is generation " + lower);
    }
    @Nullable Generation parent = lower == null ? null : read(template, lower);
    if (parent != null) {
      layers.addAll(parent.layers());
    }
    for (Path layer : layers) {
      if (!Files.isDirectory(layer)) {
        throw new IOException(layer + " is missing");
      }
    }
    Generation generation =
        new Generation(
            template,
            number,
            directory,
            List.copyOf(layers),
            meta.definition().swappableTrees(),
            meta.definition().guestCgroups(),
            meta.created(),
            meta.bytes(),
            meta.packages().size());
    return new Known(written, identity, parent, generation);
  }

  private static LaminaException unreadable(String what, IOException e) {
    String text = e.getMessage() == null ? e.toString() : e.getMessage();
    return new LaminaException(
        ExitCode.SYSTEM,
        "cannot read " + what + ": " + Printable.shorten(text, 400),
        "If no container depends on it: vzpkg remove cache, then vzpkg create cache.",
        e);
  }
}
