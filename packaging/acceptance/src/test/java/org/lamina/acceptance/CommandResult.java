package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.lamina.schema.ExitCode;

/**
 * What a command said and how it ended.
 *
 * @param exit exit code, 0..255
 * @param out standard output as it came, not necessarily text
 * @param took from start to end, output included
 */
@SuppressWarnings("ArrayRecordComponent") // output is bytes; results are never compared
public record CommandResult(List<String> command, int exit, byte[] out, byte[] err, Duration took) {

  public String stdout() {
    return new String(out, StandardCharsets.UTF_8);
  }

  public String stderr() {
    return new String(err, StandardCharsets.UTF_8);
  }

  /** Standard output without the white space around it. */
  public String text() {
    return stdout().strip();
  }

  /** Fails with everything the command said unless it ended with 0. */
  public CommandResult ok() {
    return ended(ExitCode.OK);
  }

  /** Fails with everything the command said unless it ended with this code. */
  public CommandResult ended(ExitCode expected) {
    return ended(expected.code());
  }

  /** Like {@link #ended(ExitCode)} for codes that a command inside a container gave. */
  public CommandResult ended(int expected) {
    assertThat(exit).describedAs("exit code of %s", this).isEqualTo(expected);
    return this;
  }

  @Override
  public String toString() {
    return "\"%s\" (%d ms, exit code %d)%nstdout: %s%nstderr: %s"
        .formatted(
            String.join(" ", command), took.toMillis(), exit, stdout().strip(), stderr().strip());
  }
}
