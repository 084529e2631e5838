package io.sluice.outbox;

import java.util.OptionalInt;

/** Tells text that has a form in UTF-8 from text that has none. */
public final class UnicodeText {

  private UnicodeText() {}

  /**
   * Where half a surrogate pair stands, as a string cut inside a character has it. A driver would
   * store a question mark in its place, without a word.
   */
  public static OptionalInt indexOfHalfCharacter(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isHalf(text, i)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private static boolean isHalf(String text, int i) {
    char unit = text.charAt(i);
    if (Character.isHighSurrogate(unit)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(unit)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
