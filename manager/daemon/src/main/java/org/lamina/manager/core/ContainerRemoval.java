package org.lamina.manager.core;

import java.io.IOException;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Destroys containers and takes them out of the database; the caller holds the lock. */
final class ContainerRemoval {
  private final CoreParts parts;
  private final NetworkMembers members;

  ContainerRemoval(CoreParts parts, NetworkMembers members) {
    this.parts = parts;
    this.members = members;
  }

  /**
   * @throws LaminaException ALREADY_RUNNING, ALREADY_MOUNTED, or CANNOT_DELETE, after which
   *     destroying it again goes on where it ended
   */
  void destroy(Container c, Listener listener) {
    Ctid ctid = c.ctid();
    parts.requireStopped(ctid);
    requireUnmounted(ctid);
    parts.store().intend(Intent.of(ctid, Intent.Kind.DESTROYING));
    listener.say("Destroying container private area: " + parts.config().privateArea(ctid));
    finish(ctid);
    listener.say("Container private area was destroyed");
  }

  /** Destroys what is left of a container; idempotent. */
  void finish(Ctid ctid) {
    if (parts.runtime().traces().contains(ctid)) {
      parts.runtime().sweep(ctid);
    }
    try {
      parts.areas().remove(ctid);
    } catch (IOException e) {
      throw PrivateAreas.failed(
          ExitCode.CANNOT_DELETE, "cannot delete the private area of container " + ctid, e);
    }
    parts.store().delete(ctid);
    // Its lease goes with it.
    members.refresh();
  }

  /** The private area stays. */
  void unregister(Container c, Listener listener) {
    Ctid ctid = c.ctid();
    parts.requireStopped(ctid);
    requireUnmounted(ctid);
    try {
      parts.areas().saveConf(c, true);
      parts.areas().removeRoot(ctid);
    } catch (IOException e) {
      throw PrivateAreas.failed(
          ExitCode.UNREGISTER_FAILED, "cannot unregister container " + ctid, e);
    }
    parts.store().delete(ctid);
    members.refresh();
    listener.say(
        "Container was unregistered; its private area is " + parts.config().privateArea(ctid));
  }

  private void requireUnmounted(Ctid ctid) {
    if (parts.isMounted(ctid)) {
      throw new LaminaException(
          ExitCode.ALREADY_MOUNTED,
          "Container " + ctid + " is mounted",
          "Unmount it first: vzctl umount " + ctid);
    }
  }
}
