package org.lamina.templates.debian;

import java.util.List;
import java.util.Optional;

/**
 * One source of binary packages that the host's apt uses.
 *
 * @param signedBy raw value of Signed-By: a path, fingerprints, or a whole key of several lines
 * @param file where it was read, for messages
 */
public record AptSource(
    List<String> uris,
    List<String> suites,
    List<String> components,
    Optional<String> signedBy,
    String file) {}
