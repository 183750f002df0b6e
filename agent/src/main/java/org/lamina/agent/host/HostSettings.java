package org.lamina.agent.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.agent.proc.ControlFile;
import org.lamina.schema.Printable;

/**
 * Checks and raises the host settings that density needs. Never lowers one. Thread safe.
 *
 * @param procSys usually {@code /proc/sys}
 */
public record HostSettings(Path procSys) {
  public static final HostSettings HOST = new HostSettings(Path.of("/proc/sys"));

  /**
   * Limits that the kernel keeps once for all containers, or per user where host root is the one
   * user all containers count against.
   */
  public static final List<HostSetting> WANTED =
      List.of(
          new HostSetting(
              "fs.inotify.max_user_instances",
              1_048_576,
              "every init, udev and journal takes several, all on one account"),
          new HostSetting(
              "fs.inotify.max_user_watches", 1_048_576, "watched files of all containers together"),
          new HostSetting(
              "fs.inotify.max_queued_events", 1_048_576, "events are lost when the queue is full"),
          new HostSetting(
              "fs.nr_open", 1_048_576, "services in containers ask for this many open files"),
          new HostSetting(
              "fs.aio-max-nr", 524_288, "databases of all containers share these requests"),
          new HostSetting("kernel.keys.maxkeys", 2_000, "one session keyring per service"),
          new HostSetting("kernel.keys.maxbytes", 2_000_000, "the bytes of those keyrings"),
          new HostSetting(
              "kernel.pid_max", 4_194_304, "processes of all containers are processes of the host"),
          new HostSetting(
              "kernel.pty.max", 16_384, "consoles and logins of all containers together"),
          new HostSetting(
              "kernel.dmesg_restrict", 1, "the host's kernel log is not for containers"),
          new HostSetting(
              "vm.max_map_count", 262_144, "memory maps that search engines and JVMs ask for"),
          new HostSetting(
              "net.ipv4.neigh.default.gc_thresh3", 8_192, "one neighbour entry per address"),
          new HostSetting(
              "net.ipv6.neigh.default.gc_thresh3", 8_192, "one neighbour entry per address"));

  /** What one setting says now: a number, or why there is none. */
  public sealed interface Reading {
    /** A number. */
    record Value(long number) implements Reading {}

    /** What answered instead. */
    record Unreadable(String answer) implements Reading {}
  }

  /** What is too small among {@code readings}; changes nothing. */
  public static HostReport check(List<HostSetting> wanted, Map<String, Reading> readings) {
    List<HostReport.Change> changes = new ArrayList<>();
    List<HostReport.Problem> problems = new ArrayList<>();
    for (HostSetting setting : wanted) {
      switch (readings.get(setting.key())) {
        case Reading.Value(long number) -> {
          if (number < setting.atLeast()) {
            changes.add(
                new HostReport.Change(setting.key(), number, setting.atLeast(), setting.why()));
          }
        }
        case Reading.Unreadable(String answer) ->
            problems.add(new HostReport.Problem(setting.key(), answer));
        case null -> problems.add(new HostReport.Problem(setting.key(), "was not read"));
      }
    }
    return new HostReport(changes, problems);
  }

  /** What is too small on this host; changes nothing. */
  public HostReport check() {
    return check(WANTED, read(WANTED));
  }

  /**
   * Raises what is too small.
   *
   * @return what was raised, with what the kernel made of it, and what could not be
   */
  public HostReport raise() {
    return raise(WANTED);
  }

  HostReport raise(List<HostSetting> wanted) {
    HostReport before = check(wanted, read(wanted));
    List<HostReport.Change> raised = new ArrayList<>();
    List<HostReport.Problem> problems = new ArrayList<>(before.problems());
    for (HostSetting setting : wanted) {
      for (HostReport.Change change : before.changes()) {
        if (change.key().equals(setting.key())) {
          try {
            write(setting);
            raised.add(
                new HostReport.Change(change.key(), change.from(), now(setting), change.why()));
          } catch (IOException e) {
            problems.add(
                new HostReport.Problem(
                    change.key(),
                    "stays " + change.from() + ", raising to " + change.to() + ": " + answer(e)));
          }
        }
      }
    }
    return new HostReport(raised, problems);
  }

  private Map<String, Reading> read(List<HostSetting> wanted) {
    Map<String, Reading> readings = new LinkedHashMap<>();
    for (HostSetting setting : wanted) {
      readings.put(setting.key(), read(setting));
    }
    return readings;
  }

  private Reading read(HostSetting setting) {
    try {
      return new Reading.Value(now(setting));
    } catch (IOException e) {
      return new Reading.Unreadable(answer(e));
    }
  }

  private long now(HostSetting setting) throws IOException {
    String text = ControlFile.read(setting.below(procSys));
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("not a number: " + Printable.shorten(text, 40), e);
    }
  }

  private void write(HostSetting setting) throws IOException {
    try (FileChannel file = FileChannel.open(setting.below(procSys), StandardOpenOption.WRITE)) {
      String value = setting.atLeast() + "\n";
      file.write(ByteBuffer.wrap(value.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private static String answer(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "this kernel does not have it";
    }
    if (e instanceof AccessDeniedException) {
      return "Permission denied";
    }
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
