package io.sluice.relay.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a misspelled one was probably meant to be. */
final class Spelling {

  private Spelling() {}

  /** A hint for a message that names the most similar name; empty if none is similar. */
  static String hint(String written, Collection<String> names) {
    return closest(written, names).map(" (did you mean '%s'?)"::formatted).orElse("");
  }

  private static Optional<String> closest(String written, Collection<String> names) {
    return names.stream()
        .filter(
            name -> distance(written, name) <= 1 + Math.min(written.length(), name.length()) / 4)
        .min(Comparator.comparing((String name) -> distance(written, name)).thenComparing(n -> n));
  }

  /** The number of letters to insert, delete or replace; case and separators do not count. */
  private static int distance(String one, String other) {
    String from = letters(one);
    String to = letters(other);
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
  }
}
