package io.sluice.handlers.internal.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.handlers.SettableClock;
import io.sluice.outbox.EventDomain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

class TopicCheckTest {

  private static final TopicPartition PARTITION = new TopicPartition("topic", 0);

  private final List<String> asked = new ArrayList<>();

  /** Creates a consumer that is woken during its first request. */
  private MockConsumer<byte[], byte[]> woken() {
    return new MockConsumer<>("earliest") {
      @Override
      public Map<TopicPartition, Long> beginningOffsets(
          Collection<TopicPartition> partitions, Duration timeout) {
        asked.add("beginning");
        if (asked.size() == 1) {
          throw new WakeupException();
        }
        return Map.of(PARTITION, 0L);
      }

      @Override
      public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
          Set<TopicPartition> partitions, Duration timeout) {
        asked.add("committed");
        return Map.of();
      }
    };
  }

  @Test
  void looksForDeletedRecordsThoughAWorkerWakesTheConsumer() {
    DomainStream stream = new DomainStream(EventDomain.CHAT, "topic", "group");
    new TopicCheck(stream, woken(), new SettableClock()).logDeletedRecords(List.of(PARTITION));

    assertEquals(List.of("beginning", "beginning", "committed"), asked);
  }
}
