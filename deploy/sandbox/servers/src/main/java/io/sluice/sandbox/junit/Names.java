package io.sluice.sandbox.junit;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names on the servers that no other test class uses, now or in another build.
 *
 * @param label the class's name in lower case, words separated by underscores, cut to 24 characters
 * @param tag six random characters
 */
record Names(String label, String tag) {
  private static final int LABEL = 24;
  private static final int DATABASE_PURPOSE = 32;
  private static final int USER_PURPOSE = 20;
  private static final Pattern WORD = Pattern.compile("[a-z0-9_]+");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SMALLEST_TAG = 36 * 36 * 36 * 36 * 36;

  static Names of(String className) {
    String words =
        className
            .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9_]", "_");
    String label = words.substring(0, Math.min(LABEL, words.length()));
    int number = SMALLEST_TAG + RANDOM.nextInt(SMALLEST_TAG);
    return new Names(label, Integer.toString(number, 36));
  }

  /** The name of a database of the class. */
  String database(String purpose) {
    return label + "_" + tag + "_" + checked(purpose, DATABASE_PURPOSE);
  }

  /**
   * The name of an account of the class. It has at most 32 characters, MySQL's limit. The number
   * distinguishes accounts for the same purpose.
   */
  String user(int number, String purpose) {
    return tag + "_" + number + "_" + checked(purpose, USER_PURPOSE);
  }

  /** The prefix of the names of all topics of the class. */
  String topicPrefix() {
    return label.replace('_', '-') + "-" + tag + "-";
  }

  private static String checked(String purpose, int limit) {
    if (!WORD.matcher(purpose).matches() || purpose.length() > limit) {
      throw new IllegalArgumentException(
          "'"
              + purpose
              + "' must be 1 to "
              + limit
              + " lower-case letters, digits and underscores");
    }
    return purpose;
  }
}
