package org.lamina.console.client;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A template as the API tells it; without {@code newest} it is defined and not built. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TemplateInfo(
    String name,
    @Nullable String summary,
    @Nullable String release,
    @Nullable String init,
    @Nullable Built newest,
    List<Integer> usedBy) {
  public TemplateInfo {
    usedBy = List.copyOf(usedBy);
  }

  /** One state of it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Built(
      int number,
      Instant created,
      long bytes,
      int packages,
      List<String> swappableTrees,
      String directory) {
    public Built {
      swappableTrees = List.copyOf(swappableTrees);
    }
  }
}
