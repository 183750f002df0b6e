package org.lamina.manager.cli.wire;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.lamina.manager.cli.Caller;

/** Processes and consoles that clients may send signals to. Thread safe. */
public final class Sessions {
  private record Entry(int uid, IntConsumer signals) {}

  /** A session's unguessable name, until it is closed. */
  public record Opened(String id, Runnable closer) implements Caller.Session {
    @Override
    public void close() {
      closer.run();
    }
  }

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  /**
   * @param uid only this user, and root, may send signals
   */
  public Opened open(int uid, IntConsumer signals) {
    byte[] bytes = new byte[12];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    entries.put(id, new Entry(uid, signals));
    return new Opened(id, () -> entries.remove(id));
  }

  /**
   * Passes a signal on.
   *
   * @return false if this user has no such session, or not any more
   */
  public boolean signal(String id, int uid, int number) {
    Entry entry = entries.get(id);
    if (entry == null || (uid != 0 && uid != entry.uid())) {
      return false;
    }
    entry.signals().accept(number);
    return true;
  }

  /** Sessions now open. */
  public int size() {
    return entries.size();
  }
}
