package org.lamina.manager.wiring;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.lamina.agent.runtime.LinuxContainerRuntime;
import org.lamina.manager.api.Peer;
import org.lamina.manager.cli.Program;
import org.lamina.manager.cli.lamina.LaminaProgram;
import org.lamina.manager.cli.vzctl.Vzctl;
import org.lamina.manager.cli.vzlist.Vzlist;
import org.lamina.manager.cli.vznetstat.Vznetstat;
import org.lamina.manager.cli.vzpkg.Vzpkg;
import org.lamina.manager.cli.wire.CliController;
import org.lamina.manager.cli.wire.Sessions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The scripted programs over the daemon's core, which need the real runtime for their clients. */
@Configuration(proxyBeanMethods = false)
class CliConfiguration {
  @Bean
  CliController cliController(Daemon daemon, LinuxContainerRuntime runtime) {
    return new CliController(
        programs(daemon),
        new KernelCallers(runtime),
        new Sessions(),
        request -> Peer.current().uid());
  }

  private static List<Program> programs(Daemon daemon) {
    var containers = daemon.core().containers();
    var templates = daemon.core().templates();
    String version = daemon.report().version();
    List<Program> all = new ArrayList<>();
    all.add(new Vzctl(containers, templates, version));
    all.add(new Vzlist(containers, Clock.systemUTC()));
    all.add(new Vznetstat(containers));
    all.add(new Vzpkg(templates, daemon.core().patches(), version));
    all.add(
        new LaminaProgram(
            containers,
            templates,
            daemon.core().operations(),
            daemon.core().events(),
            daemon.core().networks(),
            daemon.backup(),
            daemon.config(),
            () -> all,
            version));
    return all;
  }
}
