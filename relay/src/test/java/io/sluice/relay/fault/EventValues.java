package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.relay.TopicReader;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Numbered events on their topic: each once, and each of their values where it belongs. */
final class EventValues {

  private EventValues() {}

  /** Fails unless they are; to be called when nobody publishes any more. */
  static void assertRight(TopicAudit audit, Committed committed) {
    audit.assertHolds(committed);
    committed.byAggregate().values().stream()
        .flatMap(List::stream)
        .flatMap(id -> audit.of(id).stream())
        .forEach(EventValues::assertRight);
  }

  private static void assertRight(ConsumerRecord<String, byte[]> record) {
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
