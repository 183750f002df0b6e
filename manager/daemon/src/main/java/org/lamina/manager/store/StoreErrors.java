package org.lamina.manager.store;

import java.util.Locale;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;

/** Turns the database's errors into the operator's. */
final class StoreErrors {
  private StoreErrors() {}

  /** The database closed itself because it could not write, or another thread's write did that. */
  static boolean isStoreLost(Exception e) {
    String reason = reason(e);
    return isFull(reason)
        || reason.contains("MVStoreException")
        || reason.contains("has been closed")
        || reason.contains("object is already closed");
  }

  private static boolean isFull(String reason) {
    return reason.contains("No space left") || reason.contains("quota exceeded");
  }

  static LaminaException translate(Exception e) {
    if (e instanceof DuplicateKeyException duplicate) {
      return duplicate(duplicate);
    }
    String reason = reason(e);
    boolean full = isFull(reason);
    return new LaminaException(
        full ? ExitCode.DISK_FULL : ExitCode.SYSTEM,
        "the database answered: " + reason,
        full ? "Free space on the file system of the database." : null,
        e);
  }

  /** The constraint says what was taken; its name is in the message. */
  private static LaminaException duplicate(DataAccessException e) {
    String reason = reason(e).toLowerCase(Locale.ROOT);
    if (reason.contains("container_name_taken")) {
      return new LaminaException(ExitCode.NAME_FAILED, "the name is in use", null, e);
    }
    if (reason.contains("container_uuid_taken") || reason.contains("id_range")) {
      return new LaminaException(
          ExitCode.NOT_OWNER, "its UUID or its user ids belong to another container", null, e);
    }
    if (reason.contains("public.address") || reason.contains("published_port")) {
      return new LaminaException(
          ExitCode.IP_IN_USE, "an address or port is in use by another container", null, e);
    }
    if (reason.contains("hardware_address") || reason.contains("host_interface")) {
      return new LaminaException(
          ExitCode.IP_IN_USE,
          "a hardware address or interface is in use by another container",
          null,
          e);
    }
    if (reason.contains("address_pool") || reason.contains("bridge_network")) {
      return new LaminaException(ExitCode.IP_IN_USE, "there is one of that name already", null, e);
    }
    return new LaminaException(ExitCode.PRIVATE_EXISTS, "the container exists already", null, e);
  }

  /** The messages of the whole chain: a full disk is often the innermost one. */
  static String reason(Throwable e) {
    StringBuilder text = new StringBuilder();
    for (Throwable t = e; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (message != null && text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(message.lines().findFirst().orElse(""));
      }
    }
    return text.isEmpty() ? e.toString() : text.toString();
  }
}
