package org.lamina.console.select;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a selector can look at. */
public interface Selectable {
  int ctid();

  @Nullable String name();

  String template();

  int generation();

  /** {@code running}, {@code stopped} or {@code mounted}. */
  String status();

  /** Values by key. */
  Map<String, String> labels();
}
