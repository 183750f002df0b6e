package org.lamina.console.shell;

import org.lamina.console.view.Screen;

/**
 * What commands run in.
 *
 * @param canAsk a person can answer questions
 */
public record Surroundings(Screen screen, boolean canAsk) {}
