package io.sluice.outbox;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An independent stream of events with its own Kafka topic and handlers. Problems in one domain do
 * not delay the others.
 *
 * @param name upper case, matches {@code [A-Z][A-Z0-9_]{0,62}}
 */
public record EventDomain(String name) implements Comparable<EventDomain> {

  // Declared before the constants below, whose constructor uses it.
  private static final Pattern FORM = Pattern.compile("[A-Z][A-Z0-9_]{0,62}");

  /** Messages between users. */
  public static final EventDomain CHAT = new EventDomain("CHAT");

  /** Orders, accounts and positions. */
  public static final EventDomain PORTFOLIO = new EventDomain("PORTFOLIO");

  /** Prices and instruments. */
  public static final EventDomain MARKET = new EventDomain("MARKET");

  /** Notifications to users. */
  public static final EventDomain NOTIFICATION = new EventDomain("NOTIFICATION");

  /** Trading signals. */
  public static final EventDomain SIGNAL = new EventDomain("SIGNAL");

  private static final List<EventDomain> CONSTANTS =
      List.of(CHAT, PORTFOLIO, MARKET, NOTIFICATION, SIGNAL);

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if the name does not have this form
   */
  public EventDomain {
    if (name == null || !FORM.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "domain '%s' does not match %s: use an upper-case name such as 'PORTFOLIO'"
              .formatted(name, FORM));
    }
  }

  /** Returns the domain with this name. */
  public static EventDomain of(String name) {
    for (EventDomain known : CONSTANTS) {
      if (known.name.equals(name)) {
        return known; // already checked
      }
    }
    return new EventDomain(name);
  }

  /** The form of the name in the names of topics and consumer groups. */
  public String lowerCaseName() {
    return name.toLowerCase(Locale.ROOT);
  }

  @Override
  public int compareTo(EventDomain other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
