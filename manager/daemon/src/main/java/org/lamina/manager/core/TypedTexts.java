package org.lamina.manager.core;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ContainerName;
import org.lamina.schema.Description;
import org.lamina.schema.Hostname;

/**
 * Texts as an operator typed them: checked, and null where nothing or the empty string was given.
 */
final class TypedTexts {
  private TypedTexts() {}

  static @Nullable String hostname(@Nullable String typed) {
    return checked(typed, t -> new Hostname(t).value());
  }

  static @Nullable String name(@Nullable String typed) {
    return checked(typed, t -> new ContainerName(t).value());
  }

  static @Nullable String description(@Nullable String typed) {
    return checked(typed, t -> new Description(t).value());
  }

  private static @Nullable String checked(@Nullable String typed, UnaryOperator<String> check) {
    return typed == null || typed.isEmpty() ? null : check.apply(typed);
  }
}
