package org.lamina.manager.wiring;

import org.jspecify.annotations.Nullable;
import org.lamina.agent.runtime.LinuxContainerRuntime;
import org.lamina.manager.api.HostReport;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.DatabaseBackup;
import org.lamina.manager.core.Events;
import org.lamina.manager.core.HostConfig;
import org.lamina.manager.core.NetworkService;
import org.lamina.manager.core.Operations;
import org.lamina.manager.core.TemplateService;
import org.lamina.manager.core.patch.PatchService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Shows the parts of the daemon to the controllers. */
@Configuration(proxyBeanMethods = false)
class CoreConfiguration {
  @Bean
  ContainerService containers(Daemon daemon) {
    return daemon.core().containers();
  }

  @Bean
  TemplateService templates(Daemon daemon) {
    return daemon.core().templates();
  }

  @Bean
  PatchService patches(Daemon daemon) {
    return daemon.core().patches();
  }

  @Bean
  NetworkService networks(Daemon daemon) {
    return daemon.core().networks();
  }

  @Bean
  Events events(Daemon daemon) {
    return daemon.core().events();
  }

  @Bean
  Operations operations(Daemon daemon) {
    return daemon.core().operations();
  }

  @Bean
  DatabaseBackup backup(Daemon daemon) {
    return daemon.backup();
  }

  @Bean
  HostConfig hostConfig(Daemon daemon) {
    return daemon.config();
  }

  @Bean
  @Nullable LinuxContainerRuntime runtime(Daemon daemon) {
    return daemon.runtime();
  }

  @Bean
  HostReport report(Daemon daemon) {
    return daemon.report();
  }
}
