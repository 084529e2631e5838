package io.sluice.handlers.internal.dispatch;

import io.sluice.outbox.EventDomain;
import java.util.Objects;

/**
 * The event types that a handler is registered for.
 *
 * @param types an event type, or a prefix of event types followed by an asterisk
 */
public record HandlerKey(EventDomain domain, String types) {

  private static final String ANY = "*";

  public HandlerKey {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(types, "eventType");
  }

  boolean isPattern() {
    return types.endsWith(ANY);
  }

  /** The prefix of a pattern. */
  String prefix() {
    return types.substring(0, types.length() - ANY.length());
  }

  @Override
  public String toString() {
    return "'%s' of domain %s".formatted(types, domain);
  }
}
