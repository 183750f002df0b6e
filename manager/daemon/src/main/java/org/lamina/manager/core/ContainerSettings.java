package org.lamina.manager.core;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.RunningContainer;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkConfig;

/** Changes settings of a container, live and saved; the caller holds its lock. */
final class ContainerSettings {
  private static final Logger log = System.getLogger(ContainerSettings.class.getName());

  private final CoreParts parts;
  private final StoppedRun stoppedRun;
  private final AddressBook book;
  private final NetworkMembers members;
  private final Passwords passwords;

  ContainerSettings(
      CoreParts parts, StoppedRun stoppedRun, AddressBook book, NetworkMembers members) {
    this.parts = parts;
    this.book = book;
    this.members = members;
    this.stoppedRun = stoppedRun;
    this.passwords = new Passwords(parts.descriptors());
  }

  /**
   * Live first, saved after: when anything fails nothing is saved and what was applied is taken
   * back, except a changed password.
   */
  void change(Container old, SettingsChange asked, boolean save, Listener listener) {
    NetworkConfig now =
        parts.runtime().running(old.ctid()).map(RunningContainer::network).orElse(old.network());
    try (AddressBook.Choosing choosing = book.choosing(asked.network(), now)) {
      change(old, asked.with(book.resolve(old.ctid(), asked.network(), now)), save, listener, now);
    }
  }

  private void change(
      Container old, SettingsChange asked, boolean save, Listener listener, NetworkConfig had) {
    DiskSettings disk = new DiskSettings(parts);
    VeConf.Sample given = Samples.read(parts.config(), asked.config().applySample());
    VeConf.Sample sample = given.with(disk.ofSample(given.disk(), asked.config().disk(), listener));
    sample.warnings().forEach(listener::warn);
    SettingsPlan plan = SettingsPlan.of(old, asked, sample, n -> book.complete(old.ctid(), n));
    Optional<RunningContainer> running = parts.runtime().running(old.ctid());
    tellKept(asked.config(), save, listener);
    DiskSettings.tellGrace(asked.config().disk(), listener);
    if (!save) {
      plan.requireNothingToSave();
    }
    if (plan.isLive() && !save && running.isEmpty()) {
      throw new LaminaException(
          ExitCode.NOT_RUNNING,
          "Container " + old.ctid() + " is not running, there is nothing to apply the change to",
          "Keep it for the next start with --save.");
    }
    if (save) {
      parts.requireFreeName(old.ctid(), plan.after().name());
    }
    if (running.isEmpty()) {
      plan.binds().removed().forEach(plan.binds()::requireSaved);
    }
    if (running.isEmpty() && plan.limitsChange()) {
      requireSupport(plan.after());
    }
    GuestAccess access = running.map(RunningContainer::access).orElse(GuestAccess.NONE);
    GuestAccess nextAccess = plan.accessAfter(access);
    if (plan.accessChange()) {
      parts
          .runtime()
          .requireAccess(old.ids(), running.isPresent() ? nextAccess : plan.after().access());
      tellAccess(old, asked.config().access(), listener);
    }
    Limits now = running.flatMap(RunningContainer::limits).orElse(old.limits());
    NetworkConfig network = running.map(RunningContainer::network).orElse(NetworkConfig.NONE);
    NetworkConfig nextNetwork =
        plan.changesNetwork()
            ? book.complete(old.ctid(), asked.network().apply(network, old.identity()))
            : network;
    if (plan.changesNetwork()) {
      parts.requireFreeNetwork(old.ctid(), plan.after().network());
      running.ifPresent(r -> parts.requireFreeNetwork(old.ctid(), nextNetwork));
      NetworkTexts.unknown(asked.network(), running.isPresent() ? network : old.network())
          .forEach(listener::warn);
      if (!asked.network().unasked() && !parts.config().skipArpDetect()) {
        List<IpAddress> next = new ArrayList<>(plan.after().network().owned());
        next.addAll(nextNetwork.owned());
        List<IpAddress> before = new ArrayList<>(old.network().owned());
        before.addAll(had.owned());
        book.requireSilence(next, before);
      }
    }
    boolean serves = !nextNetwork.interfaces().equals(network.interfaces());
    boolean bound = false;
    try {
      running.ifPresent(r -> applyLive(r, plan, now, listener));
      if (running.isPresent() && !nextNetwork.equals(network)) {
        NetworkTexts.change(network, nextNetwork).forEach(listener::say);
        if (serves) {
          members.refresh(old.ctid(), nextNetwork);
        }
        running.get().applyNetwork(nextNetwork);
        if (!network.isConnected() && nextNetwork.isConnected()) {
          parts.runtime().networkObstacles().forEach(listener::warn);
        }
      }
      if (running.isPresent()) {
        plan.binds().apply(running.get());
        bound = true;
      }
      if (running.isPresent() && plan.accessChange()) {
        running.get().applyAccess(nextAccess);
      }
      changePassword(old, asked.userPassword(), running, listener);
      // Last of what is not saved: an image that was enlarged is not shrunk again while it is used.
      if (plan.diskChange() && parts.areas().exists(old.ctid())) {
        disk.hold(plan.after(), listener);
      }
      if (save) {
        save(plan, listener);
      }
      if (serves || !old.network().interfaces().equals(plan.after().network().interfaces())) {
        members.refresh();
      }
    } catch (RuntimeException e) {
      if (running.isPresent()) {
        takeBack(running.get(), old, now, network, access, plan, bound);
      }
      if (serves) {
        members.refresh();
      }
      if (save) {
        listener.warn("failed to apply some parameters, not saving configuration file");
      }
      throw e;
    }
    if (plan.capabilityChange() && running.isPresent()) {
      listener.warn(
          "capabilities are given at the start: the change takes effect when container "
              + old.ctid()
              + " is restarted");
    }
    if (!save && plan.isLive()) {
      listener.warn(
          "the change holds until the container stops; use --save to keep it in its configuration");
    }
  }

  /** A limit that cannot be held is not saved either: the container would not start with it. */
  private void requireSupport(Container after) {
    if (parts.areas().exists(after.ctid())) {
      parts.runtime().requireLimits(parts.launchSpec(after));
    }
  }

  private static void tellAccess(Container c, GuestAccess asked, Listener listener) {
    if (!c.ids().privileged() && asked.devices().stream().anyMatch(rule -> !rule.isNone())) {
      listener.warn(
          "--devices allows opening nodes and makes none, and root in a user namespace cannot make"
              + " one: --devnodes gives a node as well");
    }
  }

  private static void tellKept(ConfigChange config, boolean save, Listener listener) {
    new TreeMap<>(config.kept())
        .values()
        .forEach(kept ->
            listener.warn(
                kept.option()
                    + " has no counterpart in this kernel and is not enforced; "
                    + (save
                        ? "its value is kept in the configuration"
                        : "without --save it is not kept either")));
  }

  private static void applyLive(
      RunningContainer running, SettingsPlan plan, Limits now, Listener listener) {
    if (plan.limitsChange()) {
      running.applyLimits(plan.limitsAfter(now)).forEach(listener::warn);
      Limits limits = plan.asked().config().resetLimits() ? plan.before().limits() : plan.limits();
      if (!limits.equals(ContainerBoot.withoutOwnMessage(limits))) {
        listener.say("UB limits were set successfully");
      }
      ContainerBoot.tellLimits(limits, listener);
    }
    String hostname = plan.hostname();
    if (hostname != null) {
      running.setHostname(hostname);
      listener.say("Set hostname: " + hostname);
    }
  }

  private void changePassword(
      Container c,
      @Nullable String userPassword,
      Optional<RunningContainer> running,
      Listener listener) {
    if (userPassword == null) {
      return;
    }
    passwords.set(
        userPassword,
        running.isPresent() ? running.get()::exec : command -> stoppedRun.run(c, command));
    listener.say("Password of user " + Passwords.check(userPassword) + " was changed");
  }

  private void save(SettingsPlan plan, Listener listener) {
    if (!plan.changes()) {
      listener.say("No changes in CT configuration, not saving");
      return;
    }
    Container after = plan.after();
    parts.store().save(after);
    try {
      parts.areas().saveConf(after, true);
    } catch (IOException e) {
      // the database has it, and every start of the daemon writes the file again
      listener.warn("cannot write " + parts.config().veConf(after.ctid()) + ": " + e.getMessage());
    }
    listener.say("CT configuration saved to " + parts.config().veConf(after.ctid()));
  }

  private static void takeBack(
      RunningContainer running,
      Container old,
      Limits before,
      NetworkConfig network,
      GuestAccess access,
      SettingsPlan plan,
      boolean bound) {
    try {
      if (bound) {
        plan.binds().takeBack(running);
      }
      if (!running.network().equals(network)) {
        running.applyNetwork(network);
      }
      if (!running.access().equals(access)) {
        running.applyAccess(access);
      }
      if (plan.limitsChange()) {
        var _ = running.applyLimits(before);
      }
      if (plan.hostname() != null && old.hostname() != null) {
        running.setHostname(old.hostname());
      }
    } catch (RuntimeException e) {
      log.log(Level.WARNING, "settings of container " + old.ctid() + " could not be taken back", e);
    }
  }
}
