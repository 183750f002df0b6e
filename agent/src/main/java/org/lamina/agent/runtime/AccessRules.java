package org.lamina.agent.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.seccomp.Capabilities;
import org.lamina.schema.ExitCode;
import org.lamina.schema.Feature;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;

/**
 * Which capabilities and features a container can have on this kernel: what would change nothing is
 * refused with the reason instead of being accepted.
 *
 * @param proc where proc is mounted
 * @param sys where sysfs is mounted
 * @param modules directory of this kernel's modules
 */
record AccessRules(Path proc, Path sys, Path modules) {
  static AccessRules host() {
    return new AccessRules(
        Path.of("/proc"),
        Path.of("/sys"),
        Path.of("/lib/modules").resolve(System.getProperty("os.version", "")));
  }

  /**
   * @throws LaminaException CAPABILITY_FAILED or NO_KERNEL_SUPPORT
   */
  void require(IdRange ids, GuestAccess access) {
    access
        .capabilities()
        .forEach((name, on) -> {
          String why = Capabilities.refusal(name, on, ids.privileged());
          if (why != null) {
            throw new LaminaException(
                ExitCode.CAPABILITY_FAILED,
                "cannot switch the capability " + name + (on ? " on" : " off") + ": " + why);
          }
        });
    access.features().forEach((feature, on) -> requireFeature(feature, on, ids.privileged()));
  }

  private void requireFeature(Feature feature, boolean on, boolean privileged) {
    String why =
        switch (feature.kind()) {
          case ALWAYS -> on ? null : "it is part of every container";
          case DEVICE -> null; // Needs its node, which is looked for by name.
          case LINK ->
              on
                  ? missing(feature)
                  : "links of its own network namespace cannot be kept from a container; take the"
                      + " capability net_admin away instead";
          case FILE_SYSTEM -> fileSystem(feature, on, privileged);
        };
    if (why != null) {
      throw new LaminaException(
          why.startsWith("this kernel") ? ExitCode.NO_KERNEL_SUPPORT : ExitCode.CAPABILITY_FAILED,
          "cannot switch the feature " + feature.word() + (on ? " on" : " off") + ": " + why);
    }
  }

  private @Nullable String fileSystem(Feature feature, boolean on, boolean privileged) {
    if (!on) {
      return privileged ? "root of a privileged container can mount what the kernel has" : null;
    }
    if (!privileged) {
      return "the kernel mounts it only for containers without a user namespace (--privileged)";
    }
    return missing(feature);
  }

  private @Nullable String missing(Feature feature) {
    String module = Objects.requireNonNull(feature.module());
    return available(module) ? null : "this kernel has no " + module;
  }

  /** Loaded, built in, or there to be loaded when it is first used. */
  private boolean available(String module) {
    if (Files.exists(sys.resolve("module").resolve(module)) || fileSystems().contains(module)) {
      return true;
    }
    String file = "/" + module + ".ko";
    return Stream.of("modules.builtin", "modules.dep")
        .map(modules::resolve)
        .filter(Files::isReadable)
        .anyMatch(list -> lines(list).stream().anyMatch(line -> line.split(":")[0].contains(file)));
  }

  private List<String> fileSystems() {
    return lines(proc.resolve("filesystems")).stream()
        .map(line -> line.substring(line.indexOf('\t') + 1))
        .toList();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
