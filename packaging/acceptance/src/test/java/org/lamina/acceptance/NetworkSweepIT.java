package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/**
 * The daemon dies at the steps of changes of a running container's network. What is promised: the
 * next one finishes the change or takes it back, so that what is listed is what the kernel has; the
 * same command then works; nothing is left over, and connections that were not touched stay.
 *
 * <p>{@code -Dlamina.sweep=all} takes every single step instead of a choice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworkSweepIT {
  private static final int STEPS = 2;
  private static final Duration SOON = Duration.ofSeconds(30);

  /** A change, and the one that undoes it. */
  private static final String[][][] CHANGES = {
    {{"--ipadd", "10.9.0.82"}, {"--ipdel", "10.9.0.82"}},
    {
      {"--netif_add", "eth1,,,,br7", "--ifname", "eth1", "--ipadd", "10.50.0.82/24"},
      {"--netif_del", "eth1"}
    },
    {{"--publish", "8082:80"}, {"--unpublish", "all"}},
    {{"--netdev_add", "nic0"}, {"--netdev_del", "nic0"}},
  };

  private final NetworkLab lab = new NetworkLab();
  private LaminaHost host;
  private Faults faults;
  private Guest guest;

  @BeforeAll
  void start() {
    host = LaminaHost.start(lab.onHost(), Map.of());
    faults = Faults.in(host);
    host.restart();
    lab.ipIn("host", "link add br7 type bridge");
    lab.ipIn("host", "link set br7 up");
    lab.ipIn("host", "link add nic0 type veth peer name nic1");
    guest = Guest.create(host, 981, "debian-12", "--ipadd", "192.0.2.81").started();
    lab.serve(guest, 8000);
  }

  @AfterAll
  void nothingIsLeft() {
    try {
      host.close();
      assertThat(lab.remains().stream().filter(l -> !l.contains("br7") && !l.contains("nic")))
          .isEmpty();
    } finally {
      lab.close();
    }
  }

  @Test
  void everyChange_isFinishedOrTakenBack() {
    int init = guest.init();
    RunningCommand download = lab.begin("out", "download", "192.0.2.81", "8000");
    for (String[][] change : CHANGES) {
      List<String> there = traced(change[0]);
      List<String> back = traced(change[1]);
      List<Integer> steps = Faults.chosen(there, STEPS);
      List<Integer> backSteps = Faults.chosen(back, STEPS);
      for (int i = 0; i < Math.max(steps.size(), backSteps.size()); i++) {
        cut(change[0], steps.get(Math.min(i, steps.size() - 1)));
        cut(change[1], backSteps.get(Math.min(i, backSteps.size() - 1)));
      }
    }
    assertThat(guest.init()).isEqualTo(init);
    download.finish(SOON).ok();
  }

  private List<String> traced(String... change) {
    faults.arm(0);
    guest.vzctl("set", with(change)).ok();
    List<String> steps = faults.disarm();
    assertThat(steps).describedAs("steps of %s", (Object) change).hasSizeGreaterThan(3);
    return steps;
  }

  private static String[] with(String... change) {
    List<String> words = new ArrayList<>(Arrays.asList(change));
    words.add("--save");
    return words.toArray(String[]::new);
  }

  private void cut(String[] change, int step) {
    faults.arm(step);
    RunningCommand command = guest.begin("set", with(change));
    boolean died = host.daemonDiesOf(command, SOON);
    List<String> steps = faults.disarm();
    String when =
        "after %s died at step %d, %s"
            .formatted(String.join(" ", change), step, steps.isEmpty() ? "none" : steps.getLast());
    if (!died) {
      // What was done live and not saved when an earlier daemon died has one step less to undo.
      assertThat(steps).as(when + ", of which there are less").hasSizeLessThan(step);
      command.finish(SOON).ok();
      agree(when);
      return;
    }
    command.finish(SOON).ended(ExitCode.SYSTEM);
    host.startDaemon();
    agree(when);
    // What was finished needs no second time, and an interface is not added twice.
    CommandResult again = guest.vzctl("set", with(change));
    if (again.exit() != 0) {
      assertThat(again.stderr()).as(when + ", and the same again").contains("already");
    }
    agree(when + ", and the same again");
    System.out.println(when);
  }

  /** What is listed is what there is. */
  private void agree(String when) {
    List<String> addresses = words(listed("ip"));
    assertThat(new TreeSet<>(words(inside("ip -o -4 addr show | grep -v ' lo '", 3))))
        .as("addresses " + when)
        .isEqualTo(new TreeSet<>(addresses));
    List<String> interfaces = words(listed("host_ifname"));
    assertThat(
            lab.run("host", "ip", "-o", "link")
                .ok()
                .text()
                .lines()
                .filter(l -> l.contains("veth981.")))
        .as("interfaces " + when)
        .hasSize(interfaces.size() + 1);
    long routed = addresses.stream().filter(a -> !a.startsWith("10.50.")).count();
    assertThat(
            lab.run("host", "ip", "route")
                .ok()
                .text()
                .lines()
                .filter(l -> l.contains("dev veth981.0")))
        .as("routes " + when)
        .hasSize((int) routed);
    assertThat(lab.run("host", "ip", "link", "show", "nic0").exit() == 0)
        .as("the host's own interface is here or there " + when)
        .isEqualTo(listed("netdev").equals("-"));
    String ports =
        lab.run("host", "nft", "list", "map", "inet", "lamina-" + host.cgroupName(), "publish4")
            .ok()
            .text();
    assertThat(ports.contains("8082"))
        .as("ports " + when)
        .isEqualTo(!listed("publish").equals("-"));
  }

  private String listed(String field) {
    return host.run("vzlist", "-H", "-o", field, "981").ok().text().strip();
  }

  private String inside(String command, int field) {
    return guest
        .text(command)
        .lines()
        .map(line -> line.strip().split("\\s+")[field].replaceAll("/.*", ""))
        .collect(Collectors.joining(" "));
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("\\s+")).filter(w -> !w.isEmpty() && !w.equals("-")).toList();
  }
}
