package org.lamina.manager.core;

import java.util.List;
import java.util.Optional;
import org.lamina.schema.Ctid;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateDefinition;

/**
 * A template as an operator sees it: what it is made from, what is built, who uses it.
 *
 * @param definition empty if its definition file was removed after the build
 * @param newest empty unless it is built
 * @param usedBy containers that depend on it, by CTID
 */
public record TemplateView(
    String name,
    Optional<TemplateDefinition> definition,
    Optional<Generation> newest,
    List<Ctid> usedBy) {}
