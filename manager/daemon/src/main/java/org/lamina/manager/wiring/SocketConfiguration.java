package org.lamina.manager.wiring;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import org.apache.catalina.connector.Connector;
import org.lamina.manager.api.PeerProtocol;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the web server listen on the Unix socket and nowhere else. */
@Configuration(proxyBeanMethods = false)
class SocketConfiguration {
  private static final Logger log = System.getLogger(SocketConfiguration.class.getName());

  /** sun_path of unix(7) has 108 bytes, the last of which is the end. */
  private static final int LONGEST_PATH = 107;

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> unixSocket(Daemon daemon) {
    String path = daemon.config().socket().toString();
    if (path.length() > LONGEST_PATH) {
      throw new LaminaException(
          ExitCode.NO_HOST_CONFIG, "RUN_DIR is too long for a socket: " + path);
    }
    return factory -> {
      factory.setProtocol(PeerProtocol.class.getName());
      Path directory = daemon.config().runDir().resolve("http");
      factory.setBaseDirectory(directory.toFile());
      factory.getSettings().setDocumentRoot(empty(directory.resolve("files")).toFile());
      factory.addConnectorCustomizers(connector -> listen(connector, path, daemon));
    };
  }

  /** Nothing is served from it; without one, every daemon that is killed leaves one in /tmp. */
  private static Path empty(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SYSTEM, "cannot make " + directory + " for the web server: " + e);
    }
  }

  private static void listen(Connector connector, String path, Daemon daemon) {
    ((PeerProtocol) connector.getProtocolHandler()).setGuard(daemon.guard());
    if (!connector.setProperty("unixDomainSocketPath", path)
        || !connector.setProperty("unixDomainSocketPathPermissions", "rw-rw----")) {
      throw new IllegalStateException("this web server has no Unix sockets");
    }
  }

  @Bean
  ApplicationListener<WebServerInitializedEvent> socketGroup(Daemon daemon) {
    return event -> {
      Path socket = daemon.config().socket();
      daemon
          .guard()
          .group()
          .ifPresent(group -> {
            try {
              Files.getFileAttributeView(
                      socket, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                  .setGroup(group);
            } catch (IOException e) {
              log.log(Level.WARNING, "only root may command the daemon: " + e, e);
            }
          });
      log.log(Level.INFO, "laminad {0} listens on {1}", daemon.report().version(), socket);
    };
  }
}
