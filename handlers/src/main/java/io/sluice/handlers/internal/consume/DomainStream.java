package io.sluice.handlers.internal.consume;

import io.sluice.outbox.EventDomain;
import java.util.Objects;

/** What a domain's consumer reads, and as which group. */
public record DomainStream(EventDomain domain, String topic, String group) {

  public DomainStream {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(group, "group");
  }
}
