package org.lamina.manager.core;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps a template from being removed between the moment a new container chooses it and the moment
 * the container counts as a dependent. Thread safe.
 */
final class TemplateGates {
  private final Map<String, ReadWriteLock> gates = new ConcurrentHashMap<>();

  /** Held by any number of containers that choose this template. */
  Lock choosing(String template) {
    return gate(template).readLock();
  }

  /** Held alone by a removal, from counting the dependents to the end. */
  Lock removing(String template) {
    return gate(template).writeLock();
  }

  private ReadWriteLock gate(String template) {
    return gates.computeIfAbsent(template, t -> new ReentrantReadWriteLock());
  }
}
