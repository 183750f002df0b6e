package org.lamina.templates.build;

import java.util.List;
import java.util.Map;

/**
 * What a build knows about its result.
 *
 * @param packages what is installed
 * @param owners path inside the root, starting with a slash, to the package that owns it
 * @param sources the suites used, each as {@code URI SUITE COMPONENTS}, without credentials
 * @param tool program and version that made it
 */
public record BuildResult(
    PackageSet packages, Map<String, String> owners, List<String> sources, String tool) {}
