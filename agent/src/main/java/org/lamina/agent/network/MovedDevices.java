package org.lamina.agent.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Interfaces of the host that are in a container's network namespace. The namespace is held by a
 * mount in the run directory until they are back: with it the kernel would destroy virtual ones,
 * and give others to the first namespace of the machine under whatever name they had inside.
 *
 * <p>The inside may rename what it was given, so it is known by its number there.
 */
record MovedDevices(Tools tools, Path runDirectory) {
  private static final Logger log = System.getLogger(MovedDevices.class.getName());
  private static final Pattern LINK = Pattern.compile("(?m)^(\\d+): ([^:@\\s]+)[:@]");

  private Path namespace() {
    return runDirectory.resolve("netns");
  }

  private Path list() {
    return runDirectory.resolve("devices");
  }

  /** Names on the host, with the number inside; 0 while it is not known. */
  private Map<String, Integer> recorded() {
    Map<String, Integer> all = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(list())) {
        String[] words = line.split(" ");
        if (words.length == 2 && words[1].matches("[0-9]{1,9}")) {
          all.put(words[0], Integer.parseInt(words[1]));
        }
      }
    } catch (NoSuchFileException e) {
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private void record(Map<String, Integer> devices) {
    StringBuilder text = new StringBuilder();
    devices.forEach((name, number) -> text.append(name + " " + number + "\n"));
    try {
      Path next = list().resolveSibling("devices.new");
      Files.writeString(next, text);
      Files.move(next, list(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names on the host of those that are inside. */
  List<String> names() {
    return List.copyOf(recorded().keySet());
  }

  /**
   * Brings in what is wanted and back what is not.
   *
   * @throws LaminaException NETDEV_FAILED; those that came in before it stay in
   */
  void set(List<String> wanted, int initPid) {
    List<String> unwanted = new ArrayList<>(recorded().keySet());
    unwanted.removeAll(wanted);
    giveBack(unwanted);
    for (String name : wanted) {
      if (!recorded().containsKey(name)) {
        bringIn(name, initPid);
      }
    }
  }

  private void bringIn(String name, int initPid) {
    hold(initPid);
    Map<String, Integer> devices = recorded();
    devices.put(name, 0);
    record(devices);
    Tools.Result moved = tools.ipResult("link set dev " + name + " netns " + initPid + "\n");
    if (!moved.ok()) {
      devices.remove(name);
      settle(devices);
      throw new LaminaException(
          ExitCode.NETDEV_FAILED,
          "the interface " + name + " could not be moved: " + moved.output().strip(),
          "Bridges, tunnels of some kinds and wireless interfaces belong to their host.");
    }
    devices.put(name, numberOf(name));
    record(devices);
  }

  private int numberOf(String name) {
    Matcher m = LINK.matcher(tools.ipInside(namespace(), "-o", "link", "show", "dev", name));
    return m.find() ? Integer.parseInt(m.group(1)) : 0;
  }

  /** All of them, when the container has ended. */
  void giveAllBack() {
    giveBack(names());
  }

  private void giveBack(List<String> names) {
    Map<String, Integer> devices = recorded();
    if (devices.isEmpty()) {
      release();
      return;
    }
    String inside = names.isEmpty() ? "" : tools.ipInside(namespace(), "-o", "link", "show");
    for (String name : names) {
      int number = devices.getOrDefault(name, 0);
      Matcher m = LINK.matcher(inside);
      boolean found = false;
      while (!found && m.find()) {
        found = number == 0 ? m.group(2).equals(name) : m.group(1).equals("" + number);
        if (found) {
          back(name, m.group(2));
        }
      }
      if (!found) {
        log.log(Level.WARNING, "interface {0} is not where it was moved to", name);
      }
      devices.remove(name);
      record(devices);
    }
    settle(devices);
  }

  private void back(String name, String inside) {
    tools.ipInside(namespace(), "link", "set", "dev", inside, "down");
    String answer =
        tools.ipInside(
            namespace(),
            "link",
            "set",
            "dev",
            inside,
            "name",
            name,
            "netns",
            Long.toString(ProcessHandle.current().pid()));
    if (!answer.isBlank()) {
      log.log(Level.ERROR, "interface {0} could not be given back: {1}", name, answer.strip());
    }
  }

  private void settle(Map<String, Integer> devices) {
    if (devices.isEmpty()) {
      release();
    } else {
      record(devices);
    }
  }

  private void hold(int initPid) {
    try {
      if (!Files.exists(namespace())) {
        Files.createFile(namespace());
      } else if (isHeld()) {
        return;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Tools.Result mounted =
        tools.run("mount", "--bind", "/proc/" + initPid + "/ns/net", namespace().toString());
    if (!mounted.ok()) {
      release();
      throw new LaminaException(
          ExitCode.NETDEV_FAILED,
          "cannot hold the container's network: " + mounted.output().strip());
    }
  }

  private boolean isHeld() throws IOException {
    return Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + namespace() + " ");
  }

  private void release() {
    try {
      if (Files.exists(namespace())) {
        if (isHeld()) {
          var _ = tools.run("umount", "--lazy", namespace().toString());
        }
        Files.delete(namespace());
      }
      Files.deleteIfExists(list());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
