package org.lamina.manager.cli.vzpkg;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Fd;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.Values;
import org.lamina.manager.core.patch.RolloutRequest;
import org.lamina.manager.core.patch.RolloutRequest.Mode;
import org.lamina.manager.core.patch.RolloutRequest.Services;
import org.lamina.manager.core.patch.Waves;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.UpdateRequest;

/** Command lines of patching as requests. Pure. */
final class PatchOptions {
  private static final int LONGEST_SCRIPT = 1 << 20;

  private PatchOptions() {}

  static @Nullable Integer to(Parsed parsed) {
    String text = parsed.get("--to");
    return text == null ? null : Integer.valueOf(Values.integer("--to", text, 0, 999_999_999));
  }

  /** Every operand after the first. */
  static List<Ctid> containers(Parsed parsed) {
    return parsed.operands().stream().skip(1).map(Ctid::parse).toList();
  }

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  static RolloutRequest rollout(Parsed parsed, String template) {
    RolloutRequest base = RolloutRequest.of(template);
    String waves = parsed.get("--waves");
    String failures = parsed.get("--max-failures");
    String services = parsed.get("--restart-services");
    String timeout = parsed.get("--timeout");
    return new RolloutRequest(
        template,
        to(parsed),
        containers(parsed),
        mode(parsed),
        waves == null ? base.waves() : Waves.parse(waves),
        failures == null ? 0 : Values.integer("--max-failures", failures, 0, 1_000_000),
        parsed.get("--health"),
        services == null ? base.services() : services(services),
        timeout == null ? base.readySeconds() : Values.integer("--timeout", timeout, 1, 86_400));
  }

  private static Mode mode(Parsed parsed) {
    List<Mode> asked = new ArrayList<>();
    if (parsed.has("--live")) {
      asked.add(Mode.LIVE);
    }
    if (parsed.has("--restart")) {
      asked.add(Mode.RESTART);
    }
    if (parsed.has("--next-start")) {
      asked.add(Mode.NEXT_START);
    }
    if (asked.size() > 1) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "--live, --restart and --next-start exclude each other",
          "Give one of them.");
    }
    return asked.isEmpty() ? Mode.LIVE : asked.getFirst();
  }

  private static Services services(String text) {
    return switch (text) {
      case "auto" -> Services.AUTO;
      case "never" -> Services.NEVER;
      case "list" -> Services.LIST;
      default -> throw Values.bad("--restart-services", text, "Write auto, never or list.");
    };
  }

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  static UpdateRequest update(Call call, Parsed parsed) {
    String packages = parsed.get("--package");
    int scopes =
        (packages != null ? 1 : 0)
            + (parsed.has("--security") ? 1 : 0)
            + (parsed.has("--run") ? 1 : 0);
    if (scopes > 1) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "--security, --package and --run exclude each other",
          "Give one of them.");
    }
    UpdateRequest request =
        packages != null
            ? UpdateRequest.packages(Arrays.asList(packages.split(",", -1)))
            : parsed.has("--run")
                ? UpdateRequest.script(script(call))
                : parsed.has("--security") ? UpdateRequest.security() : UpdateRequest.everything();
    return parsed.has("--dry-run") ? request.asDryRun() : request;
  }

  /** The text of the file that the client opened. */
  private static String script(Call call) {
    try (Fd file = call.caller().takeFile();
        InputStream in = Files.newInputStream(Path.of(file.procPath()))) {
      // One byte more than a script may have, so that one which is too long is refused.
      return new String(in.readNBytes(LONGEST_SCRIPT + 1), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "cannot read the script: " + e.getMessage(), null, e);
    }
  }
}
