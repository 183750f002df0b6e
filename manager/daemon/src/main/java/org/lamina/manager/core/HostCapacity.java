package org.lamina.manager.core;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.lamina.agent.proc.ControlFile;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Reads what this host has. */
public final class HostCapacity {
  private static final long KIB = 1024;

  private HostCapacity() {}

  /**
   * @param proc {@code /proc}, or another directory in tests
   * @param state where containers are kept
   * @throws LaminaException SYSTEM if the kernel does not say
   */
  public static HostUsage.Capacity read(Path proc, Path state) {
    try {
      Map<String, Long> memory = memory(Files.readString(proc.resolve("meminfo")));
      long processes = Long.parseLong(ControlFile.read(proc.resolve("sys/kernel/pid_max")));
      // A FileStore would read all mounts of the host first, of which there may be thousands.
      File disk = state.toFile();
      return new HostUsage.Capacity(
          memory.getOrDefault("MemTotal", 0L),
          memory.getOrDefault("MemAvailable", 0L),
          memory.getOrDefault("SwapTotal", 0L),
          memory.getOrDefault("SwapFree", 0L),
          Runtime.getRuntime().availableProcessors(),
          processes,
          disk.getTotalSpace(),
          disk.getUsableSpace());
    } catch (IOException | NumberFormatException e) {
      throw new LaminaException(
          ExitCode.SYSTEM, "cannot read what this host has: " + e.getMessage(), null, e);
    }
  }

  /** Bytes by name. */
  static Map<String, Long> memory(String meminfo) {
    Map<String, Long> out = new HashMap<>();
    for (String line : meminfo.lines().toList()) {
      String[] parts = line.split("[: ]+");
      if (parts.length == 3 && parts[2].equals("kB")) {
        out.put(parts[0], Long.parseLong(parts[1]) * KIB);
      }
    }
    return out;
  }
}
