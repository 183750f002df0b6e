package org.lamina.agent;

import java.time.Duration;
import java.util.List;

/**
 * How the live exchange of a tree went.
 *
 * @param readOnly how long the tree could not be written to
 * @param sandboxes mount namespaces of services inside that follow the exchange
 * @param notes what an operator should know, such as a sandbox that could not be looked at
 */
public record TreeSwitch(Duration readOnly, int sandboxes, List<String> notes) {}
