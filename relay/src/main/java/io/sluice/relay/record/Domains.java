package io.sluice.relay.record;

import io.sluice.outbox.EventDomain;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The configured domains.
 *
 * @param settings settings of each domain
 * @param unknown policy for events of other domains, and for rows that are not valid events
 */
public record Domains(Map<EventDomain, Settings> settings, Unpublishable unknown) {

  /**
   * Settings of a domain.
   *
   * @param completion which component marks the events PUBLISHED
   * @param unpublishable policy for events that cannot be published
   */
  public record Settings(Completion completion, Unpublishable unpublishable) {

    /** Handlers complete events, and events that cannot be published are quarantined. */
    public static final Settings DEFAULT =
        new Settings(Completion.HANDLERS, Unpublishable.QUARANTINE);
  }

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

  public Domains {
    settings = Map.copyOf(settings);
  }

  /** Creates domains with default settings. */
  public static Domains of(Collection<EventDomain> domains) {
    return new Domains(
        domains.stream().collect(Collectors.toMap(Function.identity(), domain -> Settings.DEFAULT)),
        Unpublishable.QUARANTINE);
  }

  /** The names of the domains. */
  public Set<EventDomain> names() {
    return new TreeMap<>(settings).keySet();
  }

  boolean contains(EventDomain domain) {
    return settings.containsKey(domain);
  }

  /** Whether the relay itself marks this domain's events PUBLISHED. */
  public boolean isCompletedByRelay(EventDomain domain) {
    return of(domain).map(Settings::completion).orElse(Completion.HANDLERS) == Completion.RELAY;
  }

  /** The domains whose events the relay itself marks PUBLISHED. */
  public Set<EventDomain> completedByRelay() {
    return names().stream().filter(this::isCompletedByRelay).collect(Collectors.toSet());
  }

  Unpublishable policy(EventDomain domain) {
    return of(domain).map(Settings::unpublishable).orElse(unknown);
  }

  private Optional<Settings> of(EventDomain domain) {
    return Optional.ofNullable(settings.get(domain));
  }
}
