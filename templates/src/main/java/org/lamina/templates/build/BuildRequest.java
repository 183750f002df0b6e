package org.lamina.templates.build;

import java.nio.file.Path;
import org.lamina.templates.TemplateDefinition;

/**
 * @param root where the root file system goes; its parent exists, it does not
 * @param scratch an empty directory for temporary files, removed with the staging area
 * @param aptSources directory with the host's package sources
 */
public record BuildRequest(
    TemplateDefinition definition, Path root, Path scratch, Path aptSources) {}
