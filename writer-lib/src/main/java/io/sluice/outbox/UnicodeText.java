package io.sluice.outbox;

import java.util.OptionalInt;

/** Checks and measures text as UTF-8. */
public final class UnicodeText {

  private UnicodeText() {}

  /**
   * Finds an unpaired surrogate, which remains when a string is cut inside a character. UTF-8
   * cannot encode it: the driver would silently store a question mark instead.
   *
   * @return the index of the first unpaired surrogate; empty if there is none
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

  /** The number of bytes in UTF-8, computed without encoding. */
  public static long utf8Length(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      // A surrogate pair has four bytes, so each half counts two.
      bytes += character < 0x80 ? 1 : character < 0x800 || Character.isSurrogate(character) ? 2 : 3;
    }
    return bytes;
  }
}
