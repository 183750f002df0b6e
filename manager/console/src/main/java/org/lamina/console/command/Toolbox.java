package org.lamina.console.command;

import org.lamina.console.client.Daemon;
import org.lamina.console.shell.Interrupts;
import org.lamina.console.shell.Programs;
import org.lamina.console.shell.Surroundings;
import org.lamina.console.shell.Vocabulary;

/** What commands work with. */
public record Toolbox(
    Daemon daemon,
    Vocabulary vocabulary,
    Interrupts interrupts,
    Programs programs,
    Surroundings surroundings) {}
