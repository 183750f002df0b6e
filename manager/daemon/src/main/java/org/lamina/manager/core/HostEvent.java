package org.lamina.manager.core;

import java.time.Instant;

/**
 * Something that happened on the host.
 *
 * @param target CTID, template or, of an operation, what it works on
 * @param text what there is to add, for people; may be empty
 */
public record HostEvent(Instant at, Type type, String target, String text) {
  /** What can happen. */
  public enum Type {
    CONTAINER_CREATED("container-created"),
    CONTAINER_STARTED("container-started"),
    CONTAINER_STOPPED("container-stopped"),
    CONTAINER_CHANGED("container-changed"),
    CONTAINER_DESTROYED("container-destroyed"),
    /** Taken in with the private area it had. */
    CONTAINER_REGISTERED("container-registered"),
    /** Forgotten; its private area is still there. */
    CONTAINER_UNREGISTERED("container-unregistered"),
    TEMPLATE_PUBLISHED("template-published"),
    TEMPLATE_REMOVED("template-removed"),
    OPERATION_BEGUN("operation-begun"),
    OPERATION_ENDED("operation-ended"),
    /** The follower was too slow and did not hear of some. */
    MISSED("missed");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** As it is shown and in JSON. */
    public String word() {
      return word;
    }
  }
}
