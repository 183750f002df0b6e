package org.lamina.manager.api;

import java.nio.file.Path;
import java.util.List;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.ContainerView;
import org.lamina.manager.core.HostCapacity;
import org.lamina.manager.core.HostConfig;
import org.lamina.manager.core.HostUsage;
import org.lamina.manager.core.Operations;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The host itself. A backup is not here: the daemon would write it to whatever path a caller names;
 * {@code lamina backup} opens the file with the caller's own rights instead.
 */
@RestController
@RequestMapping("/v1/host")
final class HostController {
  private final HostReport report;
  private final ContainerService containers;
  private final Operations operations;
  private final HostConfig config;

  HostController(
      HostReport report, ContainerService containers, Operations operations, HostConfig config) {
    this.report = report;
    this.containers = containers;
    this.operations = operations;
    this.config = config;
  }

  /** The daemon, the kernel, and how much there is. */
  record HostJson(
      String version,
      String kernel,
      long pid,
      int containers,
      long running,
      List<HostReport.Setting> settings) {}

  @GetMapping
  HostJson get() {
    List<ContainerView> all = containers.list();
    return new HostJson(
        report.version(),
        System.getProperty("os.version", ""),
        ProcessHandle.current().pid(),
        all.size(),
        all.stream().filter(v -> v.status() == ContainerView.Status.RUNNING).count(),
        report.settings());
  }

  /** What the host has, uses and has promised. */
  @GetMapping("/usage")
  List<HostUsage.Resource> usage() {
    return HostUsage.of(HostCapacity.read(Path.of("/proc"), config.stateDir()), containers.list());
  }

  /** Stops every container, as when the host goes down. */
  @PostMapping("/shutdown")
  ResponseEntity<OperationJson> shutdown() {
    return OperationJson.accepted(
        operations.submit("shutdown", "host", task -> containers.shutdown(task)));
  }

  @PostMapping("/recover")
  ResponseEntity<OperationJson> recover() {
    return OperationJson.accepted(
        operations.submit("recover", "host", task -> containers.recover(task)));
  }
}
