package org.lamina.manager.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.FileWord;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.IdRange;
import org.lamina.schema.InterfaceIdentity;
import org.lamina.schema.LaminaException;
import org.lamina.schema.NetworkChange;
import org.lamina.schema.NetworkConfig;
import org.lamina.templates.Generation;

/**
 * Makes a container: row and intent, area in a stage, one rename, intent cleared. Whatever fails
 * undoes all of it; the caller holds the container's lock.
 */
final class ContainerCreation {
  private static final Logger log = System.getLogger(ContainerCreation.class.getName());

  private final CoreParts parts;
  private final IdPool pool;
  private final AddressBook book;
  private final NetworkMembers members;

  ContainerCreation(CoreParts parts, IdPool pool, AddressBook book, NetworkMembers members) {
    this.parts = parts;
    this.book = book;
    this.members = members;
    this.pool = pool;
  }

  Container create(CreateRequest request, Listener listener) {
    Ctid ctid = request.ctid();
    CreateRequest checked =
        new CreateRequest(
            ctid,
            request.template(),
            TypedTexts.hostname(request.hostname()),
            TypedTexts.name(request.name()),
            TypedTexts.description(request.description()),
            request.sample(),
            request.privileged(),
            request.network(),
            request.disk());
    String sampleName = sampleName(request);
    VeConf.Sample given = Samples.read(parts.config(), sampleName);
    VeConf.Sample sample =
        given.with(new DiskSettings(parts).ofSample(given.disk(), request.disk(), listener));
    sample.warnings().forEach(w -> listener.warn("sample " + sampleName + ": " + w));
    String template = templateName(request, sample);
    checkFree(ctid);
    parts
        .runtime()
        .requireAccess(
            new IdRange(request.privileged() ? 0 : parts.config().firstIdBase()), sample.access());
    DiskSettings.tellGrace(sample.disk(), listener);
    parts.requireFreeName(ctid, checked.name());
    UUID uuid = UUID.randomUUID();
    Lock choosing = parts.gates().choosing(template);
    Generation generation;
    Container container;
    choosing.lock();
    try (AddressBook.Choosing addresses = book.choosing(checked.network(), sample.network())) {
      NetworkConfig network = network(checked, uuid, sample);
      generation = newest(template);
      listener.say("Creating container private area (" + template + ")");
      container =
          parts
              .store()
              .insert(
                  draft(checked, uuid, network, sampleName, sample, generation),
                  request.privileged() ? null : pool,
                  Intent.of(ctid, Intent.Kind.CREATING));
    } finally {
      choosing.unlock();
    }
    try {
      fill(container, generation, listener);
      parts.store().saveAndClear(container);
    } catch (IOException e) {
      undoAfterFailure(ctid);
      throw failed(ctid, e);
    } catch (UncheckedIOException e) {
      undoAfterFailure(ctid);
      throw failed(ctid, Objects.requireNonNull(e.getCause()));
    } catch (RuntimeException e) {
      undoAfterFailure(ctid);
      throw e;
    }
    if (!container.network().interfaces().isEmpty()) {
      members.refresh();
    }
    listener.say("Container private area was created");
    listener.say("CT configuration saved to " + parts.config().veConf(ctid));
    return container;
  }

  private NetworkConfig network(CreateRequest request, UUID uuid, VeConf.Sample sample) {
    Ctid ctid = request.ctid();
    NetworkChange change = book.resolve(ctid, request.network(), sample.network());
    NetworkConfig network =
        book.complete(ctid, change.apply(sample.network(), new InterfaceIdentity(ctid, uuid)));
    parts.requireFreeNetwork(ctid, network);
    if (!change.unasked() && !parts.config().skipArpDetect()) {
      book.requireSilence(network.owned(), List.of());
    }
    return network;
  }

  private static LaminaException failed(Ctid ctid, IOException e) {
    return PrivateAreas.failed(
        ExitCode.ENVIRONMENT_FAILED, "cannot make the private area of container " + ctid, e);
  }

  /** Undoes a creation in whatever state it was left; idempotent. */
  void undo(Ctid ctid) throws IOException {
    parts.areas().remove(ctid);
    parts.store().delete(ctid);
  }

  private void undoAfterFailure(Ctid ctid) {
    try {
      undo(ctid);
    } catch (IOException | RuntimeException e) {
      log.log(
          Level.WARNING,
          "container " + ctid + " could not be undone now; the next start of the daemon will",
          e);
    }
  }

  private void fill(Container container, Generation generation, Listener listener)
      throws IOException {
    Ctid ctid = container.ctid();
    Path stage = parts.areas().stage(ctid);
    parts
        .runtime()
        .disks()
        .create(stage, container.disk(), container.ids())
        .forEach(listener::warn);
    parts
        .runtime()
        .createDelta(
            stage.resolve("delta"),
            generation.swappableTrees(),
            container.ids(),
            generation.layers().getLast());
    parts.areas().saveConf(container, stage, false);
    parts.areas().publish(ctid);
  }

  private void checkFree(Ctid ctid) {
    if (parts.store().find(ctid).isPresent()) {
      throw new LaminaException(ExitCode.PRIVATE_EXISTS, "Container " + ctid + " exists already");
    }
    if (parts.areas().exists(ctid)) {
      throw new LaminaException(
          ExitCode.PRIVATE_EXISTS,
          "the private area " + parts.config().privateArea(ctid) + " exists already",
          "It is not in the database; take it in with: vzctl register "
              + parts.config().privateArea(ctid)
              + " "
              + ctid);
    }
  }

  private @Nullable String sampleName(CreateRequest request) {
    return request.sample() != null ? request.sample() : parts.config().defaultSample();
  }

  private String templateName(CreateRequest request, VeConf.Sample sample) {
    String name = request.template();
    if (name == null) {
      name = sample.template() != null ? sample.template() : parts.config().defaultTemplate();
    }
    if (name == null || name.isEmpty()) {
      throw new LaminaException(
          ExitCode.NO_TEMPLATE_NAMED,
          "no OS template was given",
          "Name one with --ostemplate, or set DEF_OSTEMPLATE in lamina.conf.");
    }
    return FileWord.check(name, "template", ExitCode.TEMPLATE_NOT_FOUND);
  }

  private Generation newest(String template) {
    return parts
        .templates()
        .newest(template)
        .orElseThrow(() -> {
          // throws a better message for a name that nothing defines
          var _ = parts.templates().definition(template);
          return new LaminaException(
              ExitCode.TEMPLATE_NOT_FOUND,
              "OS template " + template + " is not built yet",
              "Build it with: vzpkg create cache " + template);
        });
  }

  private static Container draft(
      CreateRequest r,
      UUID uuid,
      NetworkConfig network,
      @Nullable String sampleName,
      VeConf.Sample sample,
      Generation generation) {
    return Container.of(
            r.ctid(),
            uuid,
            generation.template(),
            generation.number(),
            IdRange.PRIVILEGED,
            Instant.now().truncatedTo(ChronoUnit.MICROS))
        .name(r.name())
        .hostname(r.hostname())
        .description(r.description())
        .sample(sampleName)
        .onboot(sample.onboot())
        .bootOrder(sample.bootOrder())
        .stopTimeoutSeconds(sample.stopTimeoutSeconds())
        .limits(sample.limits())
        .network(network)
        .disk(sample.disk().with(r.disk()))
        .access(GuestAccess.NONE.with(sample.access()))
        .extra(sample.extra())
        .build();
  }
}
