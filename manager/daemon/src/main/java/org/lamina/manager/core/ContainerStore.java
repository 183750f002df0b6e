package org.lamina.manager.core;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;

/**
 * What the daemon remembers of containers. Every change is one transaction that survives {@code
 * kill -9} when the call returns; those that say so survive power loss too. Thread safe.
 */
public interface ContainerStore {
  /** All containers by CTID, also those being created or destroyed. */
  List<Container> all();

  default Optional<Container> find(Ctid ctid) {
    return all().stream().filter(c -> c.ctid().equals(ctid)).findFirst();
  }

  default Optional<Container> findByName(String name) {
    return all().stream().filter(c -> name.equals(c.name())).findFirst();
  }

  /** Containers that are mounted on a generation of this template, by CTID. */
  default List<Container> dependents(String template) {
    return all().stream().filter(c -> c.template().equals(template)).toList();
  }

  /**
   * Adds a container together with its intent.
   *
   * @param pool where its id range is taken from, replacing the draft's; null keeps the draft's
   * @throws org.lamina.schema.LaminaException PRIVATE_EXISTS if the CTID is taken, NAME_FAILED if
   *     the name is, NO_RESOURCES without a free range, NOT_OWNER if the draft's range is taken,
   *     IP_IN_USE if an address or port is
   */
  Container insert(Container draft, @Nullable IdPool pool, Intent intent);

  /**
   * Replaces a container; its intent stays. Survives power loss.
   *
   * @throws org.lamina.schema.LaminaException NO_CONTAINER_CONFIG, NAME_FAILED, IP_IN_USE
   */
  void save(Container container);

  /** Replaces a container and clears its intent in one transaction. Survives power loss. */
  void saveAndClear(Container container);

  /**
   * Writes down what is about to be done, replacing an earlier intent. A power cut may swallow it:
   * whatever has to be finished or undone after one leaves its trace in the private areas, too.
   */
  void intend(Intent intent);

  /** Clears the intent if there is one. */
  void clear(Ctid ctid);

  /** Forgets the container, its id range and its intent, if it is there. Survives power loss. */
  void delete(Ctid ctid);

  /** Every intent that was not cleared, by CTID. */
  List<Intent> intents();
}
