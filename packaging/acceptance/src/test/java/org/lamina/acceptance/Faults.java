package org.lamina.acceptance;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Lets the daemon of a host die at a chosen step; see {@link FaultAgent}. */
final class Faults {
  private static final List<String> CLASSES =
      List.of("FaultAgent", "FaultAgent$Transformer", "FaultAgent$Announcing");

  private final Path directory;
  private int orders;

  private Faults(Path directory) {
    this.directory = directory;
  }

  /** Gives the agent to all daemons that this host starts from now on. */
  static Faults in(LaminaHost host) {
    try {
      Path directory = Files.createDirectories(host.configDir().resolveSibling("faults"));
      Path jar = directory.resolve("agent.jar");
      Manifest manifest = new Manifest();
      manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
      manifest.getMainAttributes().putValue("Premain-Class", FaultAgent.class.getName());
      try (OutputStream file = Files.newOutputStream(jar);
          JarOutputStream out = new JarOutputStream(file, manifest)) {
        for (String name : CLASSES) {
          String entry = "org/lamina/acceptance/" + name + ".class";
          out.putNextEntry(new ZipEntry(entry));
          try (var in = Faults.class.getClassLoader().getResourceAsStream(entry)) {
            if (in == null) {
              throw new IOException("no " + entry);
            }
            in.transferTo(out);
          }
        }
      }
      host.daemonEnvironment()
          .put("LAMINAD_JAVA_OPTS", "-javaagent:" + jar + "=" + directory.resolve("arm"));
      return new Faults(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on: die at this step; 0 only writes the steps down. */
  void arm(int step) {
    try {
      Files.deleteIfExists(directory.resolve("steps"));
      Path fresh = directory.resolve("arm.new");
      Files.writeString(fresh, "order" + ++orders + " " + step);
      Files.move(fresh, directory.resolve("arm"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The steps since {@link #arm}, which does not hold any longer. */
  List<String> disarm() {
    try {
      Files.deleteIfExists(directory.resolve("arm"));
      Path steps = directory.resolve("steps");
      return Files.exists(steps) ? Files.readAllLines(steps) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Numbers of steps to die at: of the first and the last of each kind, as many as there is time
   * for. Others at each turn, so that after some runs every one was taken; {@code
   * -Dlamina.sweep=TURN} takes those of a turn again, {@code -Dlamina.sweep=all} every single step.
   *
   * @param most how many at most
   */
  static List<Integer> chosen(List<String> steps, int most) {
    boolean every = "all".equals(System.getProperty("lamina.sweep"));
    Set<Integer> numbers = new TreeSet<>();
    for (String kind : new LinkedHashSet<>(steps)) {
      numbers.add(steps.indexOf(kind) + 1);
      numbers.add(steps.lastIndexOf(kind) + 1);
    }
    for (int i = 1; every && i <= steps.size(); i++) {
      numbers.add(i);
    }
    List<Integer> all = new ArrayList<>(numbers);
    if (every || all.size() <= most) {
      return all;
    }
    int turn = turn();
    List<Integer> out = turn(all, most, turn);
    System.out.printf("steps %s of %d, -Dlamina.sweep=%d%n", out, steps.size(), turn);
    return out;
  }

  /** The hour, unless {@code -Dlamina.sweep=TURN} is given. */
  static int turn() {
    int hour = (int) Duration.ofMillis(System.currentTimeMillis()).toHours();
    return Integer.getInteger("lamina.sweep", hour);
  }

  /** Evenly spread ones; consecutive turns take all. */
  static List<Integer> turn(List<Integer> all, int most, int turn) {
    int stride = Math.ceilDiv(all.size(), most);
    List<Integer> out = new ArrayList<>();
    for (int i = Math.floorMod(turn, stride); i < all.size(); i += stride) {
      out.add(all.get(i));
    }
    return out;
  }
}
