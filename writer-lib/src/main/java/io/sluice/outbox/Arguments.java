package io.sluice.outbox;

import org.jspecify.annotations.Nullable;

/** Checks arguments of public methods. The messages name the method and the argument. */
public final class Arguments {

  private Arguments() {}

  /**
   * Requires a value.
   *
   * @param call the method with its arguments, such as {@code aggregate(type, id)}
   * @return the value
   * @throws IllegalArgumentException if it is null
   */
  public static <T> T required(String call, String argument, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(
          "%s was called with null as %s: pass a value".formatted(call, argument));
    }
    return value;
  }

  /**
   * Requires a text.
   *
   * @return the text
   * @throws IllegalArgumentException if it is null or blank
   */
  public static String requiredText(String call, String argument, @Nullable String text) {
    String given = required(call, argument, text);
    if (given.isBlank()) {
      throw new IllegalArgumentException(
          "%s was called with a blank %s: pass a text".formatted(call, argument));
    }
    return given;
  }
}
