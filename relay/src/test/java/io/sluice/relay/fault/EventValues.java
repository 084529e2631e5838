package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.relay.TopicReader;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Checks that each numbered event is on its topic once, with the right values. */
final class EventValues {

  private EventValues() {}

  /** Checks all events. Call it when no relay publishes any more. */
  static void assertCorrect(TopicAudit audit, Committed committed) {
    audit.assertHolds(committed);
    committed.byAggregate().values().stream()
        .flatMap(List::stream)
        .flatMap(id -> audit.of(id).stream())
        .forEach(EventValues::assertCorrect);
  }

  private static void assertCorrect(ConsumerRecord<String, byte[]> record) {
    assertEquals("message_sent", TopicReader.header(record, "eventType"));
    assertEquals("room", TopicReader.header(record, "aggregateType"));
    assertEquals(record.key(), TopicReader.header(record, "aggregateId"));
    assertEquals("(none)", TopicReader.header(record, "outbox-replay"));
    String number = TopicReader.text(record).replaceAll("\\{\"n\":(\\d+)}", "$1");
    assertEquals(
        Long.toString(Long.parseLong(number) % NumberedEvents.AGGREGATES),
        record.key().replaceFirst(".*-", ""));
  }
}
