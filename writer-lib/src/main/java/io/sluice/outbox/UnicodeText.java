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

  /** Its length in UTF-8, in bytes, without encoding it. */
  public static long utf8Length(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      // Either half of a surrogate pair stands for two of the four bytes of both.
      bytes += character < 0x80 ? 1 : character < 0x800 || Character.isSurrogate(character) ? 2 : 3;
    }
    return bytes;
  }
}
