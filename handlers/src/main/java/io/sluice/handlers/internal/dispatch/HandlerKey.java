package io.sluice.handlers.internal.dispatch;

import io.sluice.outbox.EventDomain;
import java.util.Objects;

/** What a handler is registered for. */
public record HandlerKey(EventDomain domain, String eventType) {

  public HandlerKey {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(eventType, "eventType");
  }

  @Override
  public String toString() {
    return "'%s' of domain %s".formatted(eventType, domain);
  }
}
