package org.lamina.templates.definition;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lamina.schema.Printable;
import org.lamina.templates.DefinitionProblem;
import org.lamina.templates.TemplateDefinition;

/**
 * What the definition directories hold at one moment. A file that cannot be used becomes a problem
 * and hides only the definition of its own name: an operator's broken override must not silently
 * fall back to what was shipped.
 *
 * @param definitions usable ones by name
 * @param problems the others by name
 */
public record DefinitionCatalog(
    SortedMap<String, TemplateDefinition> definitions,
    SortedMap<String, DefinitionProblem> problems) {
  private static final String SUFFIX = ".json";
  private static final int MOST_BYTES = 256 * 1024;

  /**
   * @param directories read in order; a later one wins by name; a missing one holds nothing
   */
  public static DefinitionCatalog read(List<Path> directories) {
    DefinitionCatalog catalog = new DefinitionCatalog(new TreeMap<>(), new TreeMap<>());
    for (Path directory : directories) {
      catalog.add(directory);
    }
    return catalog;
  }

  private void add(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        String base = file.getFileName().toString();
        if (!base.startsWith(".")) {
          add(base.substring(0, base.length() - SUFFIX.length()), file);
        }
      }
    } catch (NoSuchFileException e) {
      // an operator without definitions of their own needs no directory
      return;
    } catch (IOException e) {
      problem(directory.getFileName().toString(), directory, "cannot be listed: " + e.getMessage());
    }
  }

  private void add(String name, Path file) {
    definitions.remove(name);
    problems.remove(name);
    try {
      definitions.put(name, new DefinitionReader().read(name, text(file)));
    } catch (InvalidDefinitionException e) {
      problem(name, file, e.reason());
    } catch (IOException e) {
      problem(name, file, "cannot be read: " + e.getMessage());
    }
  }

  private static String text(Path file) throws IOException, InvalidDefinitionException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidDefinitionException("is not a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new InvalidDefinitionException("is longer than " + MOST_BYTES + " bytes");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidDefinitionException("is not UTF-8 text");
    }
  }

  private void problem(String name, Path file, String reason) {
    problems.put(
        name,
        new DefinitionProblem(
            Printable.shorten(name, 80), file, Printable.shorten(file + " " + reason, 600)));
  }
}
