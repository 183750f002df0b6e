package org.lamina.manager.cli.vzpkg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

  static UpdateRequest update(Parsed parsed) {
    String packages = parsed.get("--package");
    if (packages != null && parsed.has("--security")) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "--security and --package exclude each other",
          "Give one of them.");
    }
    UpdateRequest request =
        packages != null
            ? UpdateRequest.packages(Arrays.asList(packages.split(",", -1)))
            : parsed.has("--security") ? UpdateRequest.security() : UpdateRequest.everything();
    return parsed.has("--dry-run") ? request.asDryRun() : request;
  }
}
