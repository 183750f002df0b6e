package org.lamina.manager.core;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.sys.Fd;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * Sets the password of a user inside a container and makes the user if there is none. The password
 * only ever travels through a pipe: never in arguments, environment, files or logs.
 */
final class Passwords {
  private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,30}\\$?");
  private static final int MAX_PASSWORD = 1024;
  private static final long TIMEOUT_SECONDS = 60;
  private static final int SIGKILL = 9;

  /** The password is read and printed by builtins of the shell, so it is in no argument list. */
  private static final String SCRIPT =
      """
      IFS= read -r line || exit 1
      user=${line%%:*}
      if ! id -u "$user" >/dev/null 2>&1; then
        useradd --create-home "$user" || adduser -D "$user" || exit 1
      fi
      printf '%s\\n' "$line" | chpasswd
      """;

  private final Descriptors descriptors;

  Passwords(Descriptors descriptors) {
    this.descriptors = descriptors;
  }

  /**
   * Checks {@code user:password} without showing the password.
   *
   * @return the user
   * @throws LaminaException BAD_PARAMETER
   */
  static String check(String userAndPassword) {
    int colon = userAndPassword.indexOf(':');
    if (colon < 0) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "--userpasswd wants USER:PASSWORD and got no colon");
    }
    String user = userAndPassword.substring(0, colon);
    if (!USER.matcher(user).matches()) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "bad user name " + Printable.shorten(user, 40));
    }
    String password = userAndPassword.substring(colon + 1);
    if (password.isEmpty()
        || password.length() > MAX_PASSWORD
        || password.chars().anyMatch(Character::isISOControl)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "the password of "
              + user
              + " must have 1 to "
              + MAX_PASSWORD
              + " characters and no control characters");
    }
    return user;
  }

  /**
   * @param runner runs the command inside the container
   * @throws LaminaException PASSWORD_FAILED with what the tools inside said
   */
  void set(String userAndPassword, Function<ExecSpec, ExecHandle> runner) {
    String user = check(userAndPassword);
    byte[] line = (userAndPassword + "\n").getBytes(StandardCharsets.UTF_8);
    try (Fd in = descriptors.input(line);
        Descriptors.Capture output = descriptors.capture()) {
      ExecHandle handle =
          runner.apply(
              new ExecSpec(
                  List.of("/bin/sh", "-c", SCRIPT),
                  Map.of(
                      "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                      "HOME", "/root",
                      "LC_ALL", "C.UTF-8"),
                  new ExecSpec.Stdio(in, output.sink(), output.sink()),
                  ExecSpec.TerminalSize.DEFAULT));
      int code = await(handle, user);
      if (code != 0) {
        String said = output.text().replace(userAndPassword.substring(user.length() + 1), "***");
        throw failed(user, "status " + code + " " + Printable.shorten(said.strip(), 300), null);
      }
    }
  }

  private static int await(ExecHandle handle, String user) {
    try {
      return handle.exit().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      handle.signal(SIGKILL);
      throw failed(user, "no answer within " + TIMEOUT_SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw failed(user, String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(user, "interrupted", e);
    }
  }

  private static LaminaException failed(String user, String why, @Nullable Throwable cause) {
    return new LaminaException(
        ExitCode.PASSWORD_FAILED,
        "the password of user " + user + " could not be changed: " + why,
        null,
        cause);
  }
}
