package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lamina.schema.ExitCode;

/**
 * The daemon dies at the steps of changes of a disk. What is promised: no file of the container is
 * lost; the next start has the saved limit; the same command then works; no half-made image, mark
 * or loop device stays.
 *
 * <p>{@code -Dlamina.sweep=all} takes every single step instead of a choice.
 */
class DiskSweepIT {
  private static final String TEMPLATE = "debian-12";
  private static final int STEPS = 2;
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String SMALL = "64M";
  private static final String LARGE = "96M";

  private LaminaHost host;
  private Faults faults;

  private void on(Map<String, String> settings, Runnable sweeps) {
    try (LaminaHost started = LaminaHost.start(settings)) {
      host = started;
      host.ensureTemplate(TEMPLATE);
      faults = Faults.in(host);
      host.restart();
      sweeps.run();
    }
  }

  @Test
  void anImage_isResizedAtRest() {
    on(
        Map.of("VE_LAYOUT", "image"),
        () -> {
          Guest guest = marked(Guest.create(host, 781, TEMPLATE, "--diskspace", SMALL));
          resizes(guest);
          guest.vzctl("destroy").ok();
          noLoops();
        });
  }

  @Test
  void aSubvolume_isLimited() {
    try (SmallDisk disk = SmallDisk.btrfs(1500)) {
      String state = disk.path().resolve("state").toString();
      on(
          Map.of("STATE_DIR", state),
          () -> {
            Guest guest = marked(Guest.create(host, 782, TEMPLATE, "--diskspace", SMALL));
            resizes(guest);
            createsAndDestroys(783);
            guest.vzctl("destroy").ok();
          });
    }
  }

  @Test
  void anImage_isMadeAndDestroyed() {
    on(Map.of("VE_LAYOUT", "image"), () -> createsAndDestroys(784));
  }

  @Test
  void anImage_takesPlainFilesOver() {
    on(
        Map.of("VE_LAYOUT", "image"),
        () -> {
          Guest plain = marked(Guest.create(host, 785, TEMPLATE));
          String[] limit = {"set", "785", "--diskspace", SMALL, "--save"};
          List<String> steps = traced(limit);
          plain.vzctl("destroy").ok();
          for (int step : Faults.chosen(steps, STEPS)) {
            Guest guest = marked(Guest.create(host, 785, TEMPLATE));
            cut(step, limit);
            verify(guest, step + " of moving to an image");
            host.run("vzctl", limit).ok();
            verify(guest, "the same again");
            assertThat(listed("785", "layout,diskspace.h")).matches("image +65536");
            guest.vzctl("destroy").ok();
          }
          noLoops();
        });
  }

  /** A running one grows where this host allows it; the file is mounted then. */
  @Test
  void anImageInUse_grows() {
    on(
        Map.of("VE_LAYOUT", "image"),
        () -> {
          Guest guest = marked(Guest.create(host, 786, TEMPLATE, "--diskspace", SMALL)).started();
          String[] grow = {"set", "786", "--diskspace", LARGE, "--save"};
          faults.arm(0);
          CommandResult first = host.run("vzctl", grow);
          List<String> steps = faults.disarm();
          boolean allowed = first.exit() == 0;
          if (!allowed) {
            assertThat(first.ended(ExitCode.DISK_LIMIT_FAILED).stderr())
                .contains("CAP_SYS_RESOURCE");
          }
          assertThat(steps).contains("Image.setLength", "Image.tellDevice", "HostTools.run");
          for (int step : Faults.chosen(steps, STEPS)) {
            guest.vzctl("stop", "--fast").ok();
            guest.vzctl("set", "--diskspace", SMALL, "--save").ok();
            guest.started();
            int init = guest.init();
            cut(step, grow);
            assertThat(guest.init()).as("it runs on").isEqualTo(init);
            assertThat(guest.text("cat /root/kept")).isEqualTo("kept");
            CommandResult again = host.run("vzctl", grow);
            assertThat(again.exit()).as("%s", again).isEqualTo(first.exit());
            guest.vzctl("stop", "--fast").ok();
            verify(guest, step + " of growing in use");
          }
          guest.vzctl("destroy").ok();
          noLoops();
        });
  }

  private void resizes(Guest guest) {
    String[] grow = {"set", guest.ctid(), "--diskspace", LARGE, "--save"};
    String[] shrink = {"set", guest.ctid(), "--diskspace", SMALL, "--save"};
    List<Integer> growing = Faults.chosen(traced(grow), STEPS);
    List<Integer> shrinking = Faults.chosen(traced(shrink), STEPS);
    for (int i = 0; i < Math.max(growing.size(), shrinking.size()); i++) {
      resize(guest, growing.get(Math.min(i, growing.size() - 1)), grow, 98_304);
      resize(guest, shrinking.get(Math.min(i, shrinking.size() - 1)), shrink, 65_536);
    }
  }

  private void resize(Guest guest, int step, String[] change, long kibibytes) {
    cut(step, change);
    verify(guest, step + " of " + String.join(" ", change));
    host.run("vzctl", change).ok();
    verify(guest, "the same again");
    assertThat(listed(guest.ctid(), "diskspace.h")).isEqualTo(Long.toString(kibibytes));
    if (listed(guest.ctid(), "layout").equals("image")) {
      assertThat(guest.privateArea().resolve("delta.img")).hasSize(kibibytes << 10);
    }
  }

  private void createsAndDestroys(int number) {
    String ctid = Integer.toString(number);
    String[] create = {"create", ctid, "--ostemplate", TEMPLATE, "--diskspace", SMALL};
    String[] destroy = {"destroy", ctid};
    List<Integer> creating = Faults.chosen(traced(create), STEPS);
    List<Integer> destroying = Faults.chosen(traced(destroy), STEPS);
    for (int i = 0; i < Math.max(creating.size(), destroying.size()); i++) {
      cut(creating.get(Math.min(i, creating.size() - 1)), create);
      Leaks.none(host, "after a create that died");
      boolean there = Leaks.listed(host).containsKey(ctid);
      host.run("vzctl", create).ended(there ? ExitCode.PRIVATE_EXISTS : ExitCode.OK);
      verify(marked(new Guest(host, ctid)), "a create that died, and another");
      cut(destroying.get(Math.min(i, destroying.size() - 1)), destroy);
      Leaks.none(host, "after a destroy that died");
      there = Leaks.listed(host).containsKey(ctid);
      host.run("vzctl", destroy).ended(there ? ExitCode.OK : ExitCode.NO_CONTAINER_CONFIG);
      assertThat(host.stateDir().resolve("private").resolve(ctid)).doesNotExist();
    }
    noLoops();
  }

  private List<String> traced(String... command) {
    faults.arm(0);
    host.run("vzctl", command).ok();
    List<String> steps = faults.disarm();
    assertThat(steps).describedAs("steps of %s", (Object) command).isNotEmpty();
    return steps;
  }

  private void cut(int step, String... command) {
    faults.arm(step);
    RunningCommand running = host.begin("vzctl", command);
    boolean died = host.daemonDiesOf(running, SOON);
    List<String> steps = faults.disarm();
    String when = "%s died at step %d, %s".formatted(String.join(" ", command), step, steps);
    CommandResult result = running.finish(SOON);
    assertThat(died).as("%s: %s", when, result).isTrue();
    result.ended(ExitCode.SYSTEM);
    host.startDaemon();
    System.out.println(steps.getLast() + ", step " + step + " of " + String.join(" ", command));
  }

  /**
   * Puts files inside that have to be there ever after. The journal stays in memory: at each start
   * after a kill it would begin another file of 8 MiB, and the small limit would be full.
   */
  private static Guest marked(Guest guest) {
    guest.vzctl("mount").ok();
    guest.edit(
        """
        cat > root/kept
        head -c 9000000 /dev/zero | tr '\\0' y > root/big
        mkdir -p etc/systemd/journald.conf.d
        printf '[Journal]\\nStorage=volatile\\n' > etc/systemd/journald.conf.d/volatile.conf
        """,
        "kept\n");
    guest.vzctl("umount").ok();
    return guest;
  }

  /** It starts, with its files and with the limit that is saved, and leaves nothing half-made. */
  private void verify(Guest guest, String when) {
    guest.started();
    assertThat(guest.text("cat /root/kept; tr -d y < /root/big | wc -c; stat -c %s /root/big"))
        .as(when)
        .isEqualTo("kept\n0\n9000000");
    if (listed(guest.ctid(), "layout").equals("image")) {
      String saved = listed(guest.ctid(), "diskspace.h");
      // Files that moved into an image before the limit was saved stay in it.
      long size = saved.equals("-") ? 64 << 20 : Long.parseLong(saved) << 10;
      assertThat(guest.privateArea().resolve("delta.img")).as(when).hasSize(size);
    }
    guest.vzctl("stop", "--fast").ok();
    try (Stream<Path> entries = Files.list(guest.privateArea())) {
      assertThat(entries.map(p -> p.getFileName().toString()).filter(n -> n.startsWith("delta")))
          .as("left after " + when)
          .isSubsetOf("delta", "delta.img");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Leaks.none(host, "after " + when);
  }

  private String listed(String ctid, String fields) {
    return host.run("vzlist", "-a", "-H", "-o", fields, ctid).ok().text().strip();
  }

  private void noLoops() {
    DiskLimitIT.noLoops(host);
  }
}
