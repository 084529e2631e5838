package io.sluice.bench.events;

/** The ids of events, which hold the events' numbers. */
public final class EventId {

  private static final String COUNTED = "018f0000-0000-7000-8000-";
  private static final String PROBE = "018f0000-0000-7000-9000-";
  private static final int DIGITS = 12;

  private EventId() {}

  /** The id of an event by its number. */
  public static String of(long number) {
    return COUNTED + digits(number);
  }

  /** The id of an event that only shows whether a publisher is running. */
  static String ofProbe(long number) {
    return PROBE + digits(number);
  }

  /**
   * Whether an event only showed that a publisher was running, perhaps that of another contender.
   */
  static boolean isProbe(String id) {
    return id.startsWith(PROBE);
  }

  private static String digits(long number) {
    String digits = Long.toString(number);
    return "0".repeat(DIGITS - digits.length()) + digits;
  }

  /**
   * The number of an event by its id.
   *
   * @throws IllegalStateException if it is the id of something else
   */
  static long number(String id) {
    if (!id.startsWith(COUNTED) || id.length() != COUNTED.length() + DIGITS) {
      throw new IllegalStateException(
          "a record has the id %s, which is not that of a written event".formatted(id));
    }
    return Long.parseLong(id, COUNTED.length(), id.length(), 10);
  }
}
