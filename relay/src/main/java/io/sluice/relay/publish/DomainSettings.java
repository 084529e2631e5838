package io.sluice.relay.publish;

/**
 * How events of one domain are treated.
 *
 * @param completion who marks them PUBLISHED
 * @param unpublishable what happens to those that cannot go to Kafka as they stand
 */
public record DomainSettings(Completion completion, Unpublishable unpublishable) {

  /** Handlers complete them, and what cannot be published is set aside. */
  public static final DomainSettings DEFAULT =
      new DomainSettings(Completion.HANDLERS, Unpublishable.QUARANTINE);

  /** Who marks events PUBLISHED. */
  public enum Completion {
    /** The domain's handler workers, when the event is handled. */
    HANDLERS,
    /** The relay, when the event is in Kafka: for domains that nobody handles with Sluice. */
    RELAY
  }

  /** What happens to an event that cannot go to Kafka as it stands. */
  public enum Unpublishable {
    /** It goes to the dead-letter topic, its row becomes FAILED, and the shard goes on. */
    QUARANTINE,
    /** Its shard stops until an operator has decided. */
    STOP
  }
}
