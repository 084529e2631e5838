package io.sluice.outbox;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An independent stream of events, with a Kafka topic and handlers of its own: what goes wrong in
 * one domain delays no other.
 *
 * @param name upper case, of the form {@code [A-Z][A-Z0-9_]{0,62}}
 */
public record EventDomain(String name) implements Comparable<EventDomain> {

  // Before the constants below, which are checked with it as they are made.
  private static final Pattern FORM = Pattern.compile("[A-Z][A-Z0-9_]{0,62}");

  /** Messages between users. */
  public static final EventDomain CHAT = new EventDomain("CHAT");

  /** Orders, accounts and positions. */
  public static final EventDomain PORTFOLIO = new EventDomain("PORTFOLIO");

  /** Prices and instruments. */
  public static final EventDomain MARKET = new EventDomain("MARKET");

  /** What users are told. */
  public static final EventDomain NOTIFICATION = new EventDomain("NOTIFICATION");

  /** Trading signals. */
  public static final EventDomain SIGNAL = new EventDomain("SIGNAL");

  /**
   * @throws IllegalArgumentException if the name is not of this form
   */
  public EventDomain {
    if (!FORM.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "domain '%s' is not of the form %s: use an upper-case name such as 'PORTFOLIO'"
              .formatted(name, FORM));
    }
  }

  /** The domain with this name. */
  public static EventDomain of(String name) {
    return new EventDomain(name);
  }

  /** The name as it stands in topic and consumer group names. */
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
