package org.lamina.templates.build;

import java.nio.file.Path;
import java.util.List;
import org.lamina.templates.TemplateDefinition;
import org.lamina.templates.UpdateRequest;

/**
 * What to update and where.
 *
 * @param definition whose suites and update suites are used
 * @param layers of the generation to update, uppermost first; they are only read
 * @param upper an empty directory for the new layer, with the rights of the root directory
 * @param scratch an empty directory on the same file system for temporary files
 * @param aptSources directory with the host's package sources
 */
public record UpdateWork(
    TemplateDefinition definition,
    List<Path> layers,
    Path upper,
    Path scratch,
    Path aptSources,
    UpdateRequest request) {
  public UpdateWork {
    layers = List.copyOf(layers);
  }
}
