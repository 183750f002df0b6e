package org.lamina.manager.api;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.ConfigChange;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.CreateRequest;
import org.lamina.manager.core.Operation;
import org.lamina.manager.core.Operations;
import org.lamina.manager.core.SettingsChange;
import org.lamina.manager.core.Task;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Containers. What changes one answers 202 with an operation at once; its events tell how it goes.
 */
@RestController
@RequestMapping("/v1/containers")
final class ContainerController {
  private static final int MAX_WAIT_SECONDS = 3600;

  private final ContainerService containers;
  private final Operations operations;

  ContainerController(ContainerService containers, Operations operations) {
    this.containers = containers;
    this.operations = operations;
  }

  /** A new container; null takes the host's default. */
  record NewContainer(
      int ctid,
      @Nullable String template,
      @Nullable String hostname,
      @Nullable String name,
      @Nullable String description,
      @Nullable String sample,
      @Nullable Boolean privileged,
      NetworkJson.@Nullable ChangeJson network,
      @Nullable DiskJson disk) {}

  /** What to change; null leaves a value as it is, and so does a label that is not named. */
  record Change(
      ContainerJson.@Nullable LimitsJson limits,
      @Nullable String hostname,
      @Nullable String name,
      @Nullable String description,
      @Nullable Boolean onboot,
      @Nullable Integer bootOrder,
      @Nullable Boolean disabled,
      @Nullable Integer stopTimeoutSeconds,
      @Nullable String userPassword,
      @Nullable String applySample,
      @Nullable Boolean resetLimits,
      NetworkJson.@Nullable ChangeJson network,
      @Nullable Map<String, String> labels,
      @Nullable DiskJson disk,
      @Nullable AccessJson access) {
    @Override
    public String toString() {
      return "Change";
    }
  }

  /** A private area to take in. */
  record Registration(String path, int ctid, @Nullable Boolean force) {}

  @GetMapping
  List<ContainerJson> list() {
    return containers.list().stream().map(ContainerJson::of).toList();
  }

  @GetMapping("/{reference}")
  ContainerJson get(@PathVariable String reference) {
    return ContainerJson.of(containers.find(reference));
  }

  @PostMapping
  ResponseEntity<OperationJson> create(@RequestBody NewContainer body) {
    CreateRequest request =
        new CreateRequest(
            new Ctid(body.ctid()),
            body.template(),
            body.hostname(),
            body.name(),
            body.description(),
            body.sample(),
            Boolean.TRUE.equals(body.privileged()),
            NetworkJson.ChangeJson.toChange(body.network()),
            DiskJson.toLimits(body.disk()));
    return submit("create", request.ctid(), task -> containers.create(request, task));
  }

  @PostMapping("/{reference}/start")
  ResponseEntity<OperationJson> start(
      @PathVariable String reference,
      @RequestParam(required = false) @Nullable Integer waitSeconds,
      @RequestParam(defaultValue = "false") boolean force) {
    Duration wait = wait(waitSeconds);
    return submit("start", reference, (ctid, task) -> containers.start(ctid, wait, force, task));
  }

  @PostMapping("/{reference}/stop")
  ResponseEntity<OperationJson> stop(
      @PathVariable String reference, @RequestParam(defaultValue = "false") boolean fast) {
    return submit("stop", reference, (ctid, task) -> containers.stop(ctid, fast, task));
  }

  @PostMapping("/{reference}/restart")
  ResponseEntity<OperationJson> restart(
      @PathVariable String reference,
      @RequestParam(required = false) @Nullable Integer waitSeconds,
      @RequestParam(defaultValue = "false") boolean force,
      @RequestParam(defaultValue = "false") boolean fast) {
    Duration wait = wait(waitSeconds);
    return submit(
        "restart", reference, (ctid, task) -> containers.restart(ctid, wait, force, fast, task));
  }

  @DeleteMapping("/{reference}")
  ResponseEntity<OperationJson> destroy(@PathVariable String reference) {
    return submit("destroy", reference, containers::destroy);
  }

  @PostMapping("/{reference}/mount")
  ResponseEntity<OperationJson> mount(@PathVariable String reference) {
    return submit("mount", reference, containers::mount);
  }

  @PostMapping("/{reference}/umount")
  ResponseEntity<OperationJson> umount(@PathVariable String reference) {
    return submit("umount", reference, containers::umount);
  }

  @PatchMapping("/{reference}")
  ResponseEntity<OperationJson> set(
      @PathVariable String reference,
      @RequestBody Change body,
      @RequestParam(defaultValue = "false") boolean save) {
    SettingsChange change =
        new SettingsChange(
            body.limits() == null ? Limits.NONE : body.limits().toLimits(),
            body.hostname(),
            body.name(),
            body.description(),
            body.onboot(),
            body.bootOrder(),
            body.disabled(),
            body.stopTimeoutSeconds(),
            body.userPassword(),
            new ConfigChange(
                Map.of(),
                body.applySample(),
                null,
                Boolean.TRUE.equals(body.resetLimits()),
                List.of(),
                List.of(),
                DiskJson.toLimits(body.disk()),
                AccessJson.toAccess(body.access())),
            NetworkJson.ChangeJson.toChange(body.network()),
            body.labels() == null ? Map.of() : body.labels());
    return submit("set", reference, (ctid, task) -> containers.set(ctid, change, save, task));
  }

  @PostMapping("/register")
  ResponseEntity<OperationJson> register(@RequestBody Registration body) {
    Path path;
    try {
      path = Path.of(body.path());
    } catch (InvalidPathException e) {
      throw new LaminaException(ExitCode.BAD_PARAMETER, "bad path: " + e.getReason(), null, e);
    }
    if (!path.isAbsolute()) {
      throw new LaminaException(ExitCode.BAD_PARAMETER, "the path is not absolute");
    }
    Ctid ctid = new Ctid(body.ctid());
    boolean force = Boolean.TRUE.equals(body.force());
    return submit("register", ctid, task -> containers.register(path, ctid, force, task));
  }

  @PostMapping("/{reference}/unregister")
  ResponseEntity<OperationJson> unregister(@PathVariable String reference) {
    return submit("unregister", reference, containers::unregister);
  }

  /** Work on a container that exists. */
  private interface Work {
    void run(Ctid ctid, Task task);
  }

  private ResponseEntity<OperationJson> submit(String kind, String reference, Work work) {
    Ctid ctid = containers.get(reference).ctid();
    return submit(kind, ctid, task -> work.run(ctid, task));
  }

  private ResponseEntity<OperationJson> submit(String kind, Ctid ctid, Consumer<Task> work) {
    Operation operation =
        operations.submit(
            kind,
            ctid.toString(),
            task -> {
              work.accept(task);
              return ctid;
            });
    return OperationJson.accepted(operation);
  }

  private static @Nullable Duration wait(@Nullable Integer seconds) {
    if (seconds == null) {
      return null;
    }
    if (seconds < 1 || seconds > MAX_WAIT_SECONDS) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "waitSeconds is not between 1 and " + MAX_WAIT_SECONDS);
    }
    return Duration.ofSeconds(seconds);
  }
}
