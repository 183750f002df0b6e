package org.lamina.agent.cgroup;

/**
 * One control file of {@code NAME/CTID}.
 *
 * @param controller whose hierarchy it is in
 * @param file its name
 */
record Knob(String controller, String file) {}
