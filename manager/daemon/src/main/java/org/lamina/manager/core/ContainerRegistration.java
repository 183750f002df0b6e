package org.lamina.manager.core;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.AtomicFile;
import org.lamina.schema.ConfFile;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Takes private areas into the database; the caller holds the container's lock. */
final class ContainerRegistration {
  private final CoreParts parts;
  private final NetworkMembers members;

  ContainerRegistration(CoreParts parts, NetworkMembers members) {
    this.parts = parts;
    this.members = members;
  }

  /**
   * An area from elsewhere on the same file system is moved to its place.
   *
   * @param force take it in though its template is not on this host
   * @throws LaminaException REGISTER_FAILED, NOT_OWNER, PRIVATE_EXISTS
   */
  Container register(Path given, Ctid ctid, boolean force, Listener listener) {
    Path area = given.toAbsolutePath().normalize();
    Path place = parts.config().privateArea(ctid);
    boolean move = !area.equals(place);
    if (parts.store().find(ctid).isPresent() || (move && parts.areas().exists(ctid))) {
      throw new LaminaException(ExitCode.PRIVATE_EXISTS, "Container " + ctid + " exists already");
    }
    Container container = read(area, ctid, listener);
    requireOwn(container);
    parts.requireFreeName(ctid, container.name());
    parts.requireFreeNetwork(ctid, container.network());
    examine(container, area);
    requireTemplate(container, force, listener);

    if (container.ids().privileged()) {
      listener.warn("container " + ctid + " is privileged: root inside is root of this host");
    }
    boolean runs = parts.isRunning(ctid);
    Container kept =
        parts
            .store()
            .insert(
                container.withWantsRunning(runs),
                null,
                Intent.of(ctid, Intent.Kind.REGISTERING, move ? area.toString() : ""));
    try {
      if (move) {
        Files.move(area, place, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.syncDirectory(parts.config().privateDir());
      }
      Files.createDirectories(parts.config().root(ctid));
      parts.areas().saveConf(kept, true);
      parts.store().saveAndClear(kept);
    } catch (AtomicMoveNotSupportedException e) {
      undo(ctid, null);
      throw new LaminaException(
          ExitCode.REGISTER_FAILED,
          area + " is on another file system than " + parts.config().privateDir(),
          "Copy it there first with everything it has: rsync -aHAXS " + area + "/ " + place + "/",
          e);
    } catch (IOException e) {
      undo(ctid, move ? area : null);
      throw PrivateAreas.failed(
          ExitCode.REGISTER_FAILED, "cannot register " + area + " as container " + ctid, e);
    } catch (RuntimeException e) {
      undo(ctid, move ? area : null);
      throw e;
    }
    if (!kept.network().interfaces().isEmpty()) {
      members.refresh();
    }
    listener.say("Container " + ctid + " was successfully registered");
    return kept;
  }

  /** Undoes a registration in whatever state it was left; idempotent. */
  void undo(Intent intent) {
    undo(intent.ctid(), intent.data().isEmpty() ? null : Path.of(intent.data()));
  }

  private void undo(Ctid ctid, @Nullable Path original) {
    Path place = parts.config().privateArea(ctid);
    try {
      if (original != null
          && Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)
          && Files.notExists(original, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(place, original, StandardCopyOption.ATOMIC_MOVE);
      }
      parts.areas().removeRoot(ctid);
    } catch (IOException e) {
      throw PrivateAreas.failed(
          ExitCode.REGISTER_FAILED, "cannot move " + place + " back to " + original, e);
    }
    parts.store().delete(ctid);
  }

  private Container read(Path area, Ctid ctid, Listener listener) {
    Path file = area.resolve("ve.conf");
    try {
      ForeignArea.check(area, parts.config().privateDir());
      ConfFile conf = ConfFile.read(file);
      conf.warnings().forEach(w -> listener.warn(file + ": " + w));
      return VeConf.read(conf, ctid, file.toString());
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.REGISTER_FAILED, "cannot read " + file + ": " + e.getMessage(), null, e);
    }
  }

  /** Two containers must share neither identity nor user ids. */
  private void requireOwn(Container c) {
    List<Container> all = parts.store().all();
    Optional<Container> other =
        all.stream()
            .filter(o ->
                o.uuid().equals(c.uuid()) || (!c.ids().privileged() && o.ids().equals(c.ids())))
            .findFirst();
    if (other.isPresent()) {
      boolean same = other.get().uuid().equals(c.uuid());
      throw new LaminaException(
          ExitCode.NOT_OWNER,
          (same ? "this is container " : "its user ids belong to container ")
              + other.get().ctid()
              + " of this host",
          same ? "Unregister that one first: vzctl unregister " + other.get().ctid() : null);
    }
  }

  /** Looks at the files, which an image shows only when it is mounted. */
  private void examine(Container c, Path area) {
    try {
      parts.runtime().disks().attach(area);
      ForeignArea.checkDelta(area, parts.config().privateDir());
      requireFilesOfItsIds(c, area);
    } catch (IOException e) {
      parts.runtime().disks().detach(area);
      throw new LaminaException(
          ExitCode.REGISTER_FAILED, "cannot read " + area + ": " + e.getMessage(), null, e);
    } catch (RuntimeException e) {
      parts.runtime().disks().detach(area);
      throw e;
    }
  }

  /** A file that claims other ids, or none, would hand the container files of the host. */
  private void requireFilesOfItsIds(Container c, Path area) {
    if (!parts.runtime().owns(area.resolve("delta"), c.ids())) {
      throw new LaminaException(
          ExitCode.NOT_OWNER,
          "the files in "
              + area
              + " do not belong to the user ids that its ve.conf names (LAMINA_ID_BASE="
              + c.ids().base()
              + ")",
          "Put back the ve.conf that belongs to these files.");
    }
  }

  private void requireTemplate(Container c, boolean force, Listener listener) {
    if (parts.templates().generation(c.template(), c.generation()).isPresent()) {
      return;
    }
    String what = "generation " + c.generation() + " of template " + c.template();
    if (!force) {
      throw new LaminaException(
          ExitCode.REGISTER_FAILED,
          what + " is not on this host, the container could not start",
          "Bring the template here first, or use --force.");
    }
    listener.warn(what + " is not on this host; the container cannot start without it");
  }
}
