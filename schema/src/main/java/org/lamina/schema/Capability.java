package org.lamina.schema;

import java.util.List;
import java.util.Locale;

/** Names of the kernel's capabilities; see capabilities(7). */
public final class Capability {
  /** Lower case without the {@code cap_} prefix; a name's place is its number. */
  public static final List<String> NAMES =
      List.of(
          "chown",
          "dac_override",
          "dac_read_search",
          "fowner",
          "fsetid",
          "kill",
          "setgid",
          "setuid",
          "setpcap",
          "linux_immutable",
          "net_bind_service",
          "net_broadcast",
          "net_admin",
          "net_raw",
          "ipc_lock",
          "ipc_owner",
          "sys_module",
          "sys_rawio",
          "sys_chroot",
          "sys_ptrace",
          "sys_pacct",
          "sys_admin",
          "sys_boot",
          "sys_nice",
          "sys_resource",
          "sys_time",
          "sys_tty_config",
          "mknod",
          "lease",
          "audit_write",
          "audit_control",
          "setfcap",
          "mac_override",
          "mac_admin",
          "syslog",
          "wake_alarm",
          "block_suspend",
          "audit_read",
          "perfmon",
          "bpf",
          "checkpoint_restore");

  private Capability() {}

  /**
   * The name as it is kept, for one written with or without {@code cap_} in any case.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static String parse(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    name = name.startsWith("cap_") ? name.substring(4) : name;
    if (!NAMES.contains(name)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "there is no capability " + Printable.shorten(text, 40),
          "Write a name of capabilities(7), such as net_raw:off.");
    }
    return name;
  }
}
