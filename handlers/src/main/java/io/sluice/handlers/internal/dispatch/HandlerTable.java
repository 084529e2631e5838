package io.sluice.handlers.internal.dispatch;

import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.Unhandled;
import io.sluice.handlers.api.UnhandledEventException;
import io.sluice.outbox.EventDomain;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the handler of an event: an exact match, then the longest matching prefix, then the
 * fallback, and finally the policy for unhandled events. Immutable.
 */
public final class HandlerTable {

  private final Map<HandlerKey, Registration> exact;
  private final List<Map.Entry<HandlerKey, Registration>> patterns;
  private final Registration rest;

  /**
   * @param rest the handler of events that match no key
   */
  public HandlerTable(Map<HandlerKey, Registration> handlers, Registration rest) {
    this.exact = new HashMap<>(handlers);
    exact.keySet().removeIf(HandlerKey::isPattern);
    this.patterns =
        handlers.entrySet().stream()
            .filter(entry -> entry.getKey().isPattern())
            .sorted(Comparator.comparing(entry -> -entry.getKey().types().length()))
            .toList();
    this.rest = rest;
  }

  /** Returns the handler of unmatched events if there is no fallback. */
  public static Registration without(Unhandled policy, RetryPolicy retry) {
    return switch (policy) {
      case SKIP -> new Registration((EventHandler) event -> {}, retry);
      case FAIL -> new Registration(refusing(), retry);
      case DEAD_LETTER ->
          new Registration(refusing(), retry.withFinal(UnhandledEventException.class));
    };
  }

  private static EventHandler refusing() {
    return event -> {
      throw new UnhandledEventException(event.domain(), event.eventType());
    };
  }

  public Registration find(EventDomain domain, String eventType) {
    Registration found = exact.get(new HandlerKey(domain, eventType));
    return found != null ? found : fitting(domain, eventType);
  }

  private Registration fitting(EventDomain domain, String eventType) {
    for (Map.Entry<HandlerKey, Registration> pattern : patterns) {
      HandlerKey key = pattern.getKey();
      if (key.domain().equals(domain) && eventType.startsWith(key.prefix())) {
        return pattern.getValue();
      }
    }
    return rest;
  }
}
