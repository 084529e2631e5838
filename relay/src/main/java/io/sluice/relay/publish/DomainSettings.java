package io.sluice.relay.publish;

/**
 * Settings of a domain.
 *
 * @param completion which component marks the events PUBLISHED
 * @param unpublishable policy for events that cannot be published
 */
public record DomainSettings(Completion completion, Unpublishable unpublishable) {

  /** Handlers complete events, and events that cannot be published are quarantined. */
  public static final DomainSettings DEFAULT =
      new DomainSettings(Completion.HANDLERS, Unpublishable.QUARANTINE);

  /** The component that marks events PUBLISHED. */
  public enum Completion {
    /** The domain's handler workers, after the event is handled. */
    HANDLERS,
    /** The relay, after the event is in Kafka; for domains without Sluice handlers. */
    RELAY
  }

  /** Policy for an event that cannot be published. */
  public enum Unpublishable {
    /** The event goes to the dead-letter topic, its row becomes FAILED, and the shard continues. */
    QUARANTINE,
    /** The shard stops until an operator intervenes. */
    STOP
  }
}
