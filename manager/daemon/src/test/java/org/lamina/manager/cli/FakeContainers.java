package org.lamina.manager.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.HostFeature;
import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.ContainerView;
import org.lamina.manager.core.CreateRequest;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.SettingsChange;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Remembers what it was asked for and answers from a list. */
public final class FakeContainers implements ContainerService {
  public final List<ContainerView> views = new ArrayList<>();
  public final List<String> calls = new ArrayList<>();
  public CreateRequest created;
  public SettingsChange change;
  public ExecSpec script;
  public ExecHandle scriptRun;
  public RunningContainer running;
  public LaminaException failure;

  private void note(String call) {
    calls.add(call);
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public List<ContainerView> list() {
    return views.stream()
        .sorted(Comparator.comparing((ContainerView v) -> v.container().ctid()))
        .toList();
  }

  @Override
  public Container get(String reference) {
    return find(reference).container();
  }

  @Override
  public ContainerView find(String reference) {
    return lookup(reference)
        .orElseThrow(() ->
            Ctid.looksNumeric(reference)
                ? new LaminaException(
                    ExitCode.NO_CONTAINER_CONFIG, "Container " + reference + " is unknown")
                : new LaminaException(ExitCode.BAD_PARAMETER, "Bad CT ID " + reference));
  }

  @Override
  public Optional<ContainerView> lookup(String reference) {
    return views.stream()
        .filter(v ->
            v.container().ctid().toString().equals(reference)
                || reference.equals(v.container().name()))
        .findFirst();
  }

  @Override
  public ContainerView create(CreateRequest request, Listener listener) {
    created = request;
    note("create " + request.ctid());
    listener.say("Container private area was created");
    return Samples.stopped(request.ctid().value(), null, null);
  }

  @Override
  public void start(Ctid ctid, Duration wait, boolean force, Listener listener) {
    note("start " + ctid + " " + wait + " " + force);
    listener.report(50, "booting");
    listener.say("Container start in progress...");
    listener.warn("be careful");
  }

  @Override
  public void stop(Ctid ctid, boolean fast, Listener listener) {
    note("stop " + ctid + " " + fast);
  }

  @Override
  public void restart(Ctid ctid, Duration wait, boolean force, boolean fast, Listener listener) {
    note("restart " + ctid + " " + wait + " " + force + " " + fast);
  }

  @Override
  public void destroy(Ctid ctid, Listener listener) {
    note("destroy " + ctid);
  }

  @Override
  public void mount(Ctid ctid, Listener listener) {
    note("mount " + ctid);
  }

  @Override
  public void umount(Ctid ctid, Listener listener) {
    note("umount " + ctid);
  }

  @Override
  public void set(Ctid ctid, SettingsChange asked, boolean save, Listener listener) {
    change = asked;
    note("set " + ctid + " " + save);
  }

  @Override
  public RunningContainer running(Ctid ctid) {
    if (running == null) {
      throw new LaminaException(ExitCode.NOT_RUNNING, "Container is not running");
    }
    return running;
  }

  @Override
  public ExecHandle runScript(Ctid ctid, ExecSpec command, Listener listener) {
    script = command;
    note("runscript " + ctid);
    return scriptRun;
  }

  @Override
  public ContainerView register(Path privateArea, Ctid ctid, boolean force, Listener listener) {
    note("register " + privateArea + " " + ctid + " " + force);
    return Samples.stopped(ctid.value(), null, null);
  }

  @Override
  public void unregister(Ctid ctid, Listener listener) {
    note("unregister " + ctid);
  }

  @Override
  public int shutdown(Listener listener) {
    calls.add("shutdown");
    return 2;
  }

  @Override
  public List<Ctid> recover(Listener listener) {
    note("recover");
    return List.of(new Ctid(101), new Ctid(102));
  }

  @Override
  public List<HostFeature> hostFeatures() {
    return List.of(
        new HostFeature("live exchange", HostFeature.Verdict.GOOD, "goes beneath", ""),
        new HostFeature("fuse", HostFeature.Verdict.LACKING, "No such file", "modprobe fuse"));
  }

  @Override
  public List<String> networkObstacles() {
    return List.of();
  }
}
