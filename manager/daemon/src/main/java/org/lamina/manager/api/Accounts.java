package org.lamina.manager.api;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Users and groups of this host, from whatever source its name service has. Thread safe. */
public class Accounts {
  private static final long TIMEOUT_SECONDS = 5;

  /**
   * @param name a user, or a number as the kernel's answer is shown where there is no name
   * @throws LaminaException PERMISSION_DENIED if the user is unknown
   */
  public int uid(String name) {
    if (name.matches("[0-9]{1,10}")) {
      return (int) Long.parseLong(name);
    }
    return entry("passwd", name)
        .map(fields -> Integer.parseUnsignedInt(fields.get(2)))
        .orElseThrow(
            () -> new LaminaException(ExitCode.PERMISSION_DENIED, "there is no user " + name));
  }

  /** Whether the group lists the user as a member, beyond its users' primary group. */
  public boolean isMember(String user, String group) {
    return !user.isEmpty()
        && entry("group", group)
            .filter(fields -> fields.size() > 3)
            .map(fields -> Arrays.asList(fields.get(3).split(",")).contains(user))
            .orElse(false);
  }

  /** The fields of one line of a name service database. */
  protected Optional<List<String>> entry(String database, String key) {
    try {
      Process process =
          new ProcessBuilder("getent", database, "--", key)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .start();
      String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      List<String> fields = Arrays.asList(line.strip().split(":", -1));
      return process.exitValue() == 0 && fields.size() > 2 ? Optional.of(fields) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
