package io.sluice.handlers.internal.consume;

import io.sluice.outbox.EventDomain;
import java.util.Objects;

/** The topic of a domain and the consumer group that reads it. */
public record DomainStream(EventDomain domain, String topic, String group) {

  public DomainStream {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(group, "group");
  }
}
