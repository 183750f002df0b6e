package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/**
 * The daemon dies at the steps of an update, a roll-out and a roll-back, with a stopped and a
 * running container that have databases of their own. What is promised: the next start finishes or
 * undoes each container, the run goes on to its end, nothing that ran is restarted by a live move,
 * no data is lost and nothing leaks.
 *
 * <p>See {@link Faults#chosen} for which steps; {@code -Dlamina.sweep=all} takes every single one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PatchKillSweep {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final QuickFamily family;
  private final int firstCtid;
  private final int most;
  private PatchedTemplate template;
  private LaminaHost host;
  private Faults faults;
  private Guest stopped;
  private Guest running;
  private int died;
  private int survived;

  /**
   * @param most how many steps of a command, unless every one is asked for
   */
  PatchKillSweep(QuickFamily family, int firstCtid, int most) {
    this.family = family;
    this.firstCtid = firstCtid;
    this.most = most;
  }

  @BeforeAll
  void twoGenerationsTwoContainers() {
    template = PatchedTemplate.start(family, TemplateRemains.OWN_TEMPLATES);
    host = template.host();
    faults = Faults.in(host);
    host.restart();
    template.update(1);
    stopped = template.container(firstCtid);
    running = template.container(firstCtid + 1).started();
    template.update(2);
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
    assertThat(survived).as("runs that were over before they had to die").isLessThanOrEqualTo(died);
  }

  @Test
  void liveMoves() {
    int init = running.init();
    sweep();
    assertThat(running.init()).describedAs("init was never restarted").isEqualTo(init);
  }

  @Test
  void restartsInBetween() {
    // The first of them folds what live moves stacked, which is more to do than there is later.
    host.run("vzpkg", "rollout", template.name(), "--to", "2", "--restart").ok();
    host.run("vzpkg", "rollback", template.name(), "--to", "1", "--restart").ok();
    sweep("--restart");
  }

  @Test
  void anUpdateIsFinishedOrUndone() {
    faults.arm(0);
    template.update(3);
    List<String> steps = faults.disarm();
    int newest = 3;
    for (int step : Faults.chosen(steps, most)) {
      faults.arm(step);
      RunningCommand update = template.beginUpdate(newest + 1);
      boolean died = host.daemonDiesOf(update, SOON);
      String when = "after an update died at " + faults.disarm().getLast();
      assertThat(died).as(when).isTrue();
      boolean reported = update.finish(SOON).exit() == 0;
      host.startDaemon();
      assertThat(TemplateRemains.of(host.stateDir().resolve("template"))).as(when).isEmpty();
      String history = host.run("vzpkg", "history", template.name()).ok().stdout();
      boolean there = history.matches("(?sm).*^ +%d .*".formatted(newest + 1));
      if (reported) {
        assertThat(there).as(when).isTrue();
      }
      newest += there ? 1 : 0;
      Leaks.none(host, when);
    }
    template.update(newest + 1);
    // Whole, and not only listed: somebody can be moved onto what was made in between.
    host.run("vzpkg", "rollout", template.name(), stopped.ctid()).ok();
    template.check(stopped, newest + 1, "on the newest generation");
    host.run("vzpkg", "rollback", template.name(), "--to", "1", stopped.ctid()).ok();
    template.check(stopped, 1, "back from the newest generation");
  }

  private void sweep(String... options) {
    String[] forward = with(options, "rollout", template.name(), "--to", "2");
    String[] back = with(options, "rollback", template.name(), "--to", "1");
    List<String> there = traced(forward);
    verify(2, "after an undisturbed roll-out");
    List<String> andBack = traced(back);
    verify(1, "after an undisturbed roll-back");
    List<Integer> forwardSteps = Faults.chosen(there, most);
    List<Integer> backSteps = Faults.chosen(andBack, most);
    for (int i = 0; i < Math.max(forwardSteps.size(), backSteps.size()); i++) {
      cut(forward, forwardSteps.get(Math.min(i, forwardSteps.size() - 1)), 1, 2, i % 3 == 1);
      cut(back, backSteps.get(Math.min(i, backSteps.size() - 1)), 2, 1, i % 3 == 2);
    }
  }

  private List<String> traced(String... command) {
    faults.arm(0);
    host.run("vzpkg", command).ok();
    List<String> steps = faults.disarm();
    assertThat(steps).describedAs("steps of %s", (Object) command).hasSizeGreaterThan(12);
    return steps;
  }

  /**
   * @param again the next daemon dies as well, while it repairs
   */
  private void cut(String[] command, int step, int from, int to, boolean again) {
    String when = "after %s died at step %d".formatted(String.join(" ", command), step);
    faults.arm(step);
    RunningCommand moving = host.begin("vzpkg", command);
    boolean dead = host.daemonDiesOf(moving, SOON);
    List<String> steps = faults.disarm();
    if (!dead && steps.size() < step) {
      // There may be a mount less to take away than when the steps were counted.
      survived++;
      moving.finish(SOON).ok();
      verify(to, when);
      return;
    }
    assertThat(dead).describedAs("%s: the daemon is dead; steps: %s", when, steps).isTrue();
    died++;
    moving.finish(SOON).ended(ExitCode.SYSTEM);
    when += " (" + steps.getLast() + ")";
    if (again) {
      when += " and again at " + dieWhileRepairing();
    }
    host.startDaemon();
    template.awaitRuns(when);
    int now = template.generation(stopped);
    assertThat(template.generation(running)).describedAs("all or nobody %s", when).isEqualTo(now);
    if (now == from) {
      // Only a run that was not written down yet is not gone on with.
      assertThat(steps.subList(0, steps.size() - 1))
          .as(when)
          .doesNotContain("H2PatchStore.put", "H2ContainerStore.intend");
      host.run("vzpkg", command).ok();
    }
    verify(to, when);
    System.out.println(when.toLowerCase(Locale.ROOT));
  }

  private String dieWhileRepairing() {
    faults.arm(2);
    try {
      host.startDaemon();
      host.daemonEnds(Duration.ofSeconds(1));
    } catch (AssertionError e) {
      // it died before it answered, as it was told to
    }
    List<String> steps = faults.disarm();
    if (!host.daemonEnds(Duration.ZERO)) {
      host.kill9();
    }
    return steps.isEmpty() ? "the end" : steps.getLast();
  }

  private void verify(int generation, String when) {
    for (Guest guest : List.of(stopped, running)) {
      template.check(guest, generation, when);
      try (Stream<Path> area = Files.list(guest.privateArea())) {
        assertThat(area.map(p -> String.valueOf(p.getFileName())))
            .describedAs("private area of %s %s", guest.ctid(), when)
            .noneMatch(name -> name.startsWith("undo-"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    assertThat(Leaks.listed(host))
        .describedAs(when)
        .isEqualTo(Map.of(stopped.ctid(), "stopped", running.ctid(), "running"));
    assertThat(TemplateRemains.of(host.stateDir().resolve("template"))).as(when).isEmpty();
    Leaks.none(host, when);
  }

  private static String[] with(String[] options, String... words) {
    return Stream.concat(Stream.of(words), Stream.of(options)).toArray(String[]::new);
  }
}
