package org.lamina.agent.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps the packet filter in step with the containers: by small changes where that works, anew
 * where it does not, and not at all while nobody needs it. Guarded by its owner's lock.
 */
final class FilterKeeper {
  private final Tools tools;
  private final FilterTable table;

  /** Says that the tables may be there, for a later daemon. */
  private final Path mark;

  private boolean stands;

  /** Whether the second table may be there: an earlier daemon may have made it. */
  private boolean bridged = true;

  FilterKeeper(Tools tools, FilterTable table, Path runDir) {
    this.tools = tools;
    this.table = table;
    this.mark = runDir.resolve("network-table");
  }

  String name() {
    return table.name();
  }

  boolean stands() {
    return stands;
  }

  /**
   * @param change that leads to the content; empty where what there is cannot be relied on
   */
  void update(String change, FilterTable.Content content) {
    if (content.isEmpty()) {
      remove();
    } else if (!stands
        || bridged != content.isBridged()
        || change.isEmpty()
        || !tools.nft(change).ok()) {
      rebuild(content);
    }
  }

  void rebuild(FilterTable.Content content) {
    if (content.isEmpty()) {
      remove();
      return;
    }
    try {
      Files.createDirectories(mark.getParent());
      Files.writeString(mark, table.name() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!content.isBridged() && bridged) {
      var _ = tools.nft(table.bridgeRemoved());
    }
    tools.requireNft(table.rebuilt(content));
    stands = true;
    bridged = content.isBridged();
  }

  private void remove() {
    if (!Files.exists(mark)) {
      return;
    }
    tools.requireNft(table.removed());
    var _ = tools.nft(table.bridgeRemoved());
    stands = false;
    bridged = false;
    try {
      Files.deleteIfExists(mark);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
