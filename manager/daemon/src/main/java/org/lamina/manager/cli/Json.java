package org.lamina.manager.cli;

import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON for scripts that people may also look at. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final JsonMapper COMPACT = JsonMapper.builder().build();

  private Json() {}

  /** One value on one line. */
  public static String line(Object value) {
    return COMPACT.writeValueAsString(value);
  }

  /** One value, indented. */
  public static String object(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** An array, indented; exactly {@code []} when it is empty. */
  public static String array(List<?> rows) {
    return rows.isEmpty() ? "[]" : MAPPER.writeValueAsString(rows);
  }
}
