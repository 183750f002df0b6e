package org.lamina.manager.core.patch;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What makes processes on old code run the new one without harm to what runs beside them: managers
 * execute themselves anew and keep their state, services are restarted, the rest is left alone.
 * Pure.
 *
 * @param init process 1 executes itself anew
 * @param managers units of users' managers that do
 * @param units services to restart
 */
record Renewal(boolean init, Set<String> managers, Set<String> units) {
  static final Renewal NONE = new Renewal(false, Set.of(), Set.of());

  private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9:_.@\\\\-]{1,250}\\.service");
  private static final Pattern USER_MANAGER = Pattern.compile("user@[0-9]{1,10}\\.service");
  private static final Pattern SESSION = Pattern.compile("session-(c?[0-9]{1,10})\\.scope");
  private static final Pattern GETTY = Pattern.compile("(console-|container-|serial-)?getty(@.*)?");

  /** A restart cuts off everybody who talks through it, init and logins among them. */
  private static final Pattern BUS = Pattern.compile("dbus(-broker)?\\.service");

  /**
   * A restart ends what others depend on: graphical sessions, connections, containers, virtual
   * machines and mounts inside, an upgrade under way. An operator chooses the moment.
   */
  private static final Pattern LEFT_TO_THE_OPERATOR =
      Pattern.compile(
          "(gdm3?|kdm|lightdm|lxdm|nodm|sddm|slim|wdm|xdm|display-manager"
              + "|NetworkManager|networking|wpa_supplicant|openvpn.*|wg-quick.*|tinc.*|bird.*|frr"
              + "|(open|libre|strong)swan.*|docker|containerd|podman.*|crio|libvirt.*|virt.*|lxc.*"
              + "|lxd|incus|systemd-nspawn@.*|apt-daily.*|unattended-upgrades|packagekit|emergency"
              + "|rescue)");

  Renewal {
    managers = Set.copyOf(managers);
    units = Set.copyOf(units);
  }

  static Renewal of(List<StaleProcess> stale) {
    boolean init = false;
    Set<String> managers = new TreeSet<>();
    Set<String> units = new TreeSet<>();
    for (StaleProcess process : stale) {
      String unit = process.unit();
      if (unit == null) {
        continue;
      }
      if (unit.equals(StaleProcess.INIT)) {
        init |= initCommand(process) != null;
      } else if (USER_MANAGER.matcher(unit).matches()) {
        if (process.name().equals("systemd")) {
          managers.add(unit);
        }
      } else if (isRestartable(unit, process.name())) {
        units.add(unit);
      }
    }
    return new Renewal(init, managers, units);
  }

  boolean isEmpty() {
    return !init && managers.isEmpty() && units.isEmpty();
  }

  /** What makes this init execute itself anew, keeping what it knows, or null. */
  static @Nullable List<String> initCommand(StaleProcess init) {
    return switch (init.name()) {
      case "systemd" -> List.of("systemctl", "daemon-reexec");
      case "init" -> List.of("telinit", "u");
      default -> null;
    };
  }

  private static boolean isRestartable(String unit, String process) {
    if (!SERVICE.matcher(unit).matches()) {
      return false;
    }
    String name = unit.substring(0, unit.length() - ".service".length());
    if (GETTY.matcher(name).matches()) {
      // It becomes the login program when somebody logs in: one that still waits disturbs nobody.
      return process.equals("agetty");
    }
    return !BUS.matcher(unit).matches() && !LEFT_TO_THE_OPERATOR.matcher(name).matches();
  }

  /** A command for the operator that ends the use of old code. */
  static String wayOut(Object ctid, StaleProcess process) {
    String inside = inside(process);
    return inside == null ? "vzctl restart " + ctid : "vzctl exec " + ctid + " " + inside;
  }

  private static @Nullable String inside(StaleProcess process) {
    String unit = process.unit();
    if (unit == null) {
      return null;
    }
    if (unit.equals(StaleProcess.INIT)) {
      List<String> command = initCommand(process);
      return command == null ? null : String.join(" ", command);
    }
    var session = SESSION.matcher(unit);
    if (session.matches()) {
      return "loginctl terminate-session " + session.group(1);
    }
    boolean restartable = SERVICE.matcher(unit).matches() && !BUS.matcher(unit).matches();
    return restartable ? "systemctl restart " + unit : null;
  }
}
