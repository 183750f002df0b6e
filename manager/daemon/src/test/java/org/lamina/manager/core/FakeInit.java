package org.lamina.manager.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.lamina.agent.ExitCause;
import org.lamina.schema.Ctid;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkConfig;

/** A container's init as the kernel has it, whoever watches. */
final class FakeInit {
  final FakeKernel kernel;
  final Ctid ctid;
  final int pid;
  final Instant started = Instant.now();
  final CompletableFuture<ExitCause> exit = new CompletableFuture<>();
  final List<Limits> applied = new ArrayList<>();
  final List<String> bound = new ArrayList<>();
  String hostname;
  NetworkConfig network = NetworkConfig.NONE;
  GuestAccess access = GuestAccess.NONE;
  boolean ready = true;

  FakeInit(FakeKernel kernel, Ctid ctid, int pid) {
    this.kernel = kernel;
    this.ctid = ctid;
    this.pid = pid;
  }

  void end(ExitCause cause) {
    if (kernel.running.remove(ctid, this)) {
      kernel.exits.put(ctid, cause);
      exit.complete(cause);
    }
  }
}
