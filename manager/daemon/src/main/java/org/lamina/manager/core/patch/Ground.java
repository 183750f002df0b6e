package org.lamina.manager.core.patch;

import java.nio.file.Path;
import org.lamina.agent.ContainerRuntime;
import org.lamina.agent.LaunchSpec;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerStore;
import org.lamina.manager.core.Listener;
import org.lamina.schema.Ctid;

/** Where containers are kept, as patching needs it. Thread safe. */
public interface Ground {
  ContainerStore store();

  ContainerRuntime runtime();

  /** The private area; journals of patching lie in it. */
  Path area(Ctid ctid);

  Path delta(Ctid ctid);

  /** Where the host mounts the root file system of a stopped container. */
  Path root(Ctid ctid);

  /**
   * How the container is brought up on the generation it has.
   *
   * @throws org.lamina.schema.LaminaException PRIVATE_MISSING, TEMPLATE_NOT_FOUND
   */
  LaunchSpec spec(Container c);

  /** Writes {@code ve.conf}; a failure is told and corrected at the next start of the daemon. */
  void writeConf(Container c, Listener listener);
}
