package org.lamina.agent.runtime;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.lamina.agent.proc.ProcFs;
import org.lamina.agent.proc.ProcStat;
import org.lamina.schema.Printable;

/** Finds who has files open for writing, for a message that helps. */
final class Writers {
  /** O_WRONLY or O_RDWR in the octal flags of /proc/PID/fdinfo. */
  private static final int WRITE_BITS = 03;

  private static final int SHOWN = 5;

  private Writers() {}

  /** Text such as {@code : apt-get (4711)}, or nothing if nobody was found. */
  static String describe(Set<Integer> processes, String path) {
    Set<String> found = new TreeSet<>();
    for (int pid : processes) {
      if (found.size() < SHOWN && writesBelow(pid, path)) {
        String name = ProcFs.HOST.stat(pid).map(ProcStat::comm).orElse("?");
        found.add(Printable.shorten(name, 16) + " (" + pid + ")");
      }
    }
    return found.isEmpty() ? "" : ": " + String.join(", ", found);
  }

  private static boolean writesBelow(int pid, String path) {
    Path proc = Path.of("/proc", Integer.toString(pid));
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(proc.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        String target = Files.readSymbolicLink(descriptor).toString();
        if (target.startsWith(path + "/") && isForWriting(proc, descriptor)) {
          return true;
        }
      }
    } catch (IOException e) {
      return false;
    }
    return false;
  }

  private static boolean isForWriting(Path proc, Path descriptor) throws IOException {
    return Files.readAllLines(proc.resolve("fdinfo").resolve(descriptor.getFileName())).stream()
        .filter(line -> line.startsWith("flags:"))
        .anyMatch(line -> (Integer.parseInt(line.substring(6).strip(), 8) & WRITE_BITS) != 0);
  }
}
