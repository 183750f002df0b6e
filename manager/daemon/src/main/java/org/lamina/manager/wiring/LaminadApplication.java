package org.lamina.manager.wiring;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.lamina.schema.LaminaException;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.support.GenericApplicationContext;

/** The program {@code laminad}. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan(basePackages = "org.lamina.manager.api")
@Import({SocketConfiguration.class, CoreConfiguration.class})
public class LaminadApplication {
  /**
   * Requests run on virtual threads; a few more carriers than processors keep one that is in the
   * kernel for a while from holding up the others.
   */
  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  public static void main(String[] args) {
    if (System.getProperty(CARRIERS) == null) {
      System.setProperty(
          CARRIERS, Integer.toString(Math.max(8, Runtime.getRuntime().availableProcessors())));
    }
    ConfigurableApplicationContext context =
        run(List.of(CliConfiguration.class), () -> assembleOrExit(configFile()), args);
    context.getBean(Daemon.class).startContainers();
    IdleHeap.watch();
  }

  /**
   * @param beside configurations beside the API's own
   * @param daemon called once logging works; owned by the context from then on
   */
  static ConfigurableApplicationContext run(
      List<Class<?>> beside, Supplier<Daemon> daemon, String... args) {
    SpringApplication application = new SpringApplication(LaminadApplication.class);
    application.addPrimarySources(beside);
    application.addInitializers(context -> {
      if (!Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
        register(
            ((GenericApplicationContext) context).getDefaultListableBeanFactory(), daemon.get());
      }
    });
    return application.run(args);
  }

  /** Registered first, so closed last. */
  private static void register(DefaultListableBeanFactory beans, Daemon daemon) {
    beans.registerSingleton("daemon", daemon);
    beans.registerDisposableBean("daemon", daemon::close);
  }

  /** The property the launch script gives, else the environment, else where packages put it. */
  private static Path configFile() {
    String property = System.getProperty("lamina.config", "");
    String variable = System.getenv().getOrDefault("LAMINA_CONFIG", "");
    return Path.of(
        !property.isEmpty()
            ? property
            : !variable.isEmpty() ? variable : "/etc/lamina/lamina.conf");
  }

  private static Daemon assembleOrExit(Path configFile) {
    try {
      return DaemonAssembly.assemble(configFile);
    } catch (LaminaException e) {
      System.err.println("laminad: " + e.text() + e.hint().map(h -> "\n" + h).orElse(""));
      System.exit(e.exitCode().code());
      throw e;
    }
  }
}
