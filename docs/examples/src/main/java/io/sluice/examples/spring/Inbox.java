package io.sluice.examples.spring;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.writer.spring.SpringOutbox;
import jakarta.persistence.EntityManager;
import org.springframework.transaction.annotation.Transactional;

/** Writes messages to users, one for each event, however often it is called. Thread-safe. */
class Inbox {

  static final String REMEMBER = "INSERT IGNORE INTO handled_events (id) VALUES (:id)";

  private final EntityManager entities;
  private final SpringOutbox outbox;

  Inbox(EntityManager entities, SpringOutbox outbox) {
    this.entities = entities;
    this.outbox = outbox;
  }

  @Transactional
  public void add(Fill fill, HandledEvent event) {
    if (entities.createNativeQuery(REMEMBER).setParameter("id", event.id()).executeUpdate() == 0) {
      return; // an earlier call has already committed this
    }
    entities.persist(new Message(fill.userId(), "You hold more of " + fill.symbol()));
    outbox.append(
        OutboxEvent.builder(EventDomain.CHAT, "message_written")
            .aggregate("user", fill.userId())
            .payload(fill)
            .build());
  }
}
