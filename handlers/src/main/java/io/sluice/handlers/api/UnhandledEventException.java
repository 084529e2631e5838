package io.sluice.handlers.api;

import io.sluice.outbox.EventDomain;

/** No handler is registered for an event's type. Stored as the event's {@code last_error}. */
public final class UnhandledEventException extends HandlersException {

  private static final long serialVersionUID = 1;

  private final EventDomain domain;
  private final String eventType;

  /**
   * Created by the runtime if {@link Unhandled} makes such an event a failure.
   *
   * @param domain the domain of the event
   * @param eventType the type that has no handler
   */
  public UnhandledEventException(EventDomain domain, String eventType) {
    super(
        "no handler is registered for '%s' of domain %s: register one in every worker of the domain"
            .formatted(HandledEvent.printable(eventType), domain));
    this.domain = domain;
    this.eventType = eventType;
  }

  /** The event's domain. */
  public EventDomain domain() {
    return domain;
  }

  /** The type that has no handler. */
  public String eventType() {
    return eventType;
  }
}
