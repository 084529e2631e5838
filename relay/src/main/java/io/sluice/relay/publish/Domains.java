package io.sluice.relay.publish;

import io.sluice.outbox.EventDomain;
import io.sluice.relay.publish.DomainSettings.Completion;
import io.sluice.relay.publish.DomainSettings.Unpublishable;
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
public record Domains(Map<EventDomain, DomainSettings> settings, Unpublishable unknown) {

  public Domains {
    settings = Map.copyOf(settings);
  }

  /** Creates domains with default settings. */
  public static Domains of(Collection<EventDomain> domains) {
    return new Domains(
        domains.stream()
            .collect(Collectors.toMap(Function.identity(), domain -> DomainSettings.DEFAULT)),
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
    return of(domain).map(DomainSettings::completion).orElse(Completion.HANDLERS)
        == Completion.RELAY;
  }

  Unpublishable policy(EventDomain domain) {
    return of(domain).map(DomainSettings::unpublishable).orElse(unknown);
  }

  private Optional<DomainSettings> of(EventDomain domain) {
    return Optional.ofNullable(settings.get(domain));
  }
}
