package io.sluice.handlers.internal.consume;

import static io.sluice.handlers.Until.until;
import static io.sluice.handlers.internal.consume.RememberingConsumer.P0;
import static io.sluice.handlers.internal.consume.RememberingConsumer.P1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.handlers.DelegatingRows;
import io.sluice.handlers.SettableClock;
import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.deadletter.NoLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.HandlerTable;
import io.sluice.handlers.internal.dispatch.Registration;
import io.sluice.handlers.internal.process.EventProcessor;
import io.sluice.handlers.internal.process.ProcessingSettings;
import io.sluice.handlers.internal.status.ObserverRows;
import io.sluice.handlers.internal.status.RowRequest;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartitionHandoverTest {

  private final AskedRows rows = new AskedRows();
  private final HandlerCalls calls =
      HandlerCalls.of(
          new HandlerTable(
              Map.of(), new Registration((EventHandler) event -> {}, RetryPolicy.DEFAULT)),
          null,
          new ObserverRows(),
          "test-worker-",
          4);
  private final DeadLetters letters =
      new DeadLetters(NoLetters.producer(), any -> Optional.empty(), "test-letters-");
  private final EventProcessor processor =
      new EventProcessor(
          new ProcessingSettings(
              EventDomain.CHAT,
              "g",
              4,
              100,
              1_000_000,
              WhileWaiting.HOLD,
              AfterFailure.PARK,
              Duration.ofDays(7),
              HandlerTimings.PRODUCTION),
          rows,
          calls,
          letters,
          new SettableClock());
  private final RememberingConsumer consumer = RememberingConsumer.withTopic();
  private final Partitions partitions = new Partitions();
  private final PartitionHandover handover =
      new PartitionHandover(
          partitions,
          processor,
          new OffsetCommitter(consumer),
          new TopicCheck(
              new DomainStream(EventDomain.CHAT, Records.TOPIC, "g"),
              consumer,
              new SettableClock()));

  /** Counts the requests for failed events. */
  private static final class AskedRows extends DelegatingRows {

    private final AtomicInteger askedForFailed = new AtomicInteger();

    @Override
    public void ask(ShardId shard, RowRequest request) {
      if (request instanceof RowRequest.FailedHeads) {
        askedForFailed.incrementAndGet();
      }
      super.ask(shard, request);
    }
  }

  @AfterEach
  void endThreads() {
    calls.close();
    letters.close();
  }

  private void handle(String id, long offset) throws Exception {
    ConsumerRecord<byte[], byte[]> record = Records.event(id, 0, offset);
    RecordReader.Result.Event read =
        (RecordReader.Result.Event) new RecordReader(EventDomain.CHAT).read(record);
    processor.add(read.event(), partitions.get(P0).take(record));
    until(
        "done",
        () -> {
          processor.turn();
          return processor.load().events() == 0;
        });
  }

  @Test
  void commitsNothingOfPartitionsThatAreAnothersAlready() throws Exception {
    handover.onPartitionsAssigned(List.of(P0));
    consumer.assign(List.of(P0));
    Partition lost = partitions.get(P0);
    handle("a", 0);
    handover.onPartitionsLost(List.of(P0));

    assertNull(consumer.lastCommit(P0));
    assertFalse(lost.isHeld());
    assertEquals(List.of(), List.copyOf(partitions.all()));
  }

  @Test
  void asksAgainWhatHasFailedWherePartitionsCome() throws Exception {
    handover.onPartitionsAssigned(List.of(P0));
    handle("a", 0);
    handle("b", 1);
    assertEquals(1, rows.askedForFailed.get());

    handover.onPartitionsAssigned(List.of());
    handle("c", 2);
    assertEquals(1, rows.askedForFailed.get());

    handover.onPartitionsAssigned(List.of(P1));
    handle("d", 3);
    assertEquals(2, rows.askedForFailed.get());
  }
}
