package org.lamina.templates;

import java.nio.file.Path;

/**
 * A definition file that could not be used; it hides no other definition.
 *
 * @param name the template that the file would have defined
 * @param file where it lies
 * @param reason one printable sentence that names the key and the offending value
 */
public record DefinitionProblem(String name, Path file, String reason) {}
