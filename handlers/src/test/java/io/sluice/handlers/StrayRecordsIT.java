package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.sluice.handlers.internal.process.EventProcessor;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Unexpected states of topics, shards, rows and records. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class StrayRecordsIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Stage stage;

  StrayRecordsIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 2);
  }

  private HandlerRuntime started(Calls calls) {
    return start(stage.runtime().handler(CHAT, SENT, calls));
  }

  private HandlerRuntime startedWithoutRetention(Calls calls) {
    return start(stage.runtime().handler(CHAT, SENT, calls).rowRetention(Duration.ZERO));
  }

  private static HandlerRuntime start(HandlerRuntimeBuilder builder) {
    HandlerRuntime runtime = builder.build();
    runtime.start();
    return runtime;
  }

  private static List<ILoggingEvent> of(Level level, Logged logged) {
    return logged.events().stream().filter(event -> event.getLevel().equals(level)).toList();
  }

  @Test
  void eventsOfAnUnknownShardWaitForAWorkerThatKnowsItAndNoOthersDo() throws Exception {
    Calls calls = Calls.succeeding();
    OutboxEvent unknown;
    try (HandlerRuntime runtime =
            start(
                stage
                    .runtime(Map.of(Stage.ONE, stage.rows().workerSource(Stage.ONE)))
                    .handler(CHAT, SENT, calls));
        Logged logged = Logged.by("io.sluice.handlers")) {
      unknown = stage.emit(Stage.TWO, Stage.event(CHAT, SENT), 0);
      OutboxEvent behind = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(behind, OutboxStatus.PUBLISHED);
      until("logged", () -> !of(Level.ERROR, logged).isEmpty());
      for (int i = 1; i <= 3; i++) {
        stage.emit(CHAT, SENT, 1);
        stage.topics().awaitCommitted(CHAT, 1, i);
      }

      assertEquals(0, stage.topics().committed(CHAT, 0));
      assertEquals(OutboxStatus.PENDING, stage.rows().row(Stage.TWO, unknown).status());
      assertEquals(1, of(Level.ERROR, logged).size());
      String message = of(Level.ERROR, logged).get(0).getFormattedMessage();
      assertTrue(message.contains("shard 'shard-2'"), message);
      assertTrue(message.contains("add it to its ShardDataSources"), message);
    }

    try (HandlerRuntime runtime = started(calls)) {
      stage.topics().awaitCommitted(CHAT, 0, 2);
      assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(Stage.TWO, unknown).status());
      assertEquals(5, calls.count());
    }
  }

  @Test
  void aRecordWithoutHeadersIsLoggedSkippedAndCounted() throws Exception {
    Calls calls = Calls.succeeding();
    try (HandlerRuntime runtime = started(calls);
        Logged logged = Logged.by("io.sluice.handlers.internal.consume.RecordIntake")) {
      stage
          .relay()
          .send(
              new ProducerRecord<>(
                  stage.topics().topic(CHAT), 0, "7".getBytes(UTF_8), "{}".getBytes(UTF_8)));
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.topics().awaitCommitted(CHAT, 0, 2);

      assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(event).status());
      assertEquals(new HandlerStatistics(1, 1, 0, 0, 0, 0, 1, 0), runtime.statistics());
      assertEquals(1, logged.events().size());
      String message = logged.events().get(0).getFormattedMessage();
      assertTrue(message.contains(stage.topics().topic(CHAT) + "-0 at offset 0"), message);
      assertTrue(message.contains("it has no header 'id'"), message);
    }
  }

  @Test
  void eventsWhoseRowsAreCleanedUpAreLoggedAndSkipped() throws Exception {
    Calls calls = Calls.succeeding();
    try (Logged logged = Logged.by(EventProcessor.class)) {
      try (HandlerRuntime runtime = started(calls)) {
        for (int i = 0; i < 20; i++) {
          stage.relay().relay(Stage.ONE, old("room" + i), 0);
        }
        until("logged", () -> !logged.events().isEmpty());
        OutboxEvent last = old("room20");
        stage.relay().relay(Stage.ONE, last, 0);
        stage.emit(CHAT, SENT, 0);
        stage.topics().awaitCommitted(CHAT, 0, 22);

        assertEquals(1, calls.count());
        assertEquals(new HandlerStatistics(1, 1, 0, 0, 0, 21, 0, 0), runtime.statistics());
      }

      List<String> lines =
          logged.events().stream().map(ILoggingEvent::getFormattedMessage).toList();
      assertTrue(lines.get(0).startsWith("20 event(s)"), lines.get(0));
      assertEquals(2, lines.size(), lines::toString);
      assertTrue(lines.get(1).startsWith("1 event(s)"), lines.get(1));
    }
  }

  private static OutboxEvent old(String room) {
    return OutboxEvent.builder(CHAT, SENT)
        .aggregate("room", room)
        .json("{}")
        .createdAt(Instant.now().minus(Duration.ofDays(8)))
        .build();
  }

  /** As directly after a failover to a server that still has a backlog. */
  @Test
  void anEventWhoseRowTheServerHasNotGotYetWaitsForIt() throws Exception {
    Calls calls = Calls.succeeding();
    try (Logged logged = Logged.by(EventProcessor.class);
        HandlerRuntime runtime = started(calls)) {
      OutboxEvent early = Stage.event(CHAT, SENT);
      stage.relay().relay(Stage.ONE, early, "3e11fa47-71ca-11e1-9e33-c80aa9429562:23");
      until("logged", () -> !logged.events().isEmpty());
      String message = logged.events().get(0).getFormattedMessage();
      assertTrue(message.contains("not executed transaction 3e11fa47-71ca-11e1"), message);
      assertEquals(0, runtime.statistics().skipped());

      stage.rows().write(Stage.ONE, early);
      stage.rows().awaitStatus(early, OutboxStatus.PUBLISHED);
      assertEquals(1, calls.count());
    }
  }

  @Test
  void anEventWhoseRowTheServerHadOnceIsPassedOver() throws Exception {
    try (HandlerRuntime runtime = startedWithoutRetention(Calls.succeeding())) {
      stage.relay().relay(Stage.ONE, Stage.event(CHAT, SENT), stage.rows().executedTransaction());
      until("passed over", () -> runtime.statistics().skipped() == 1);
    }
  }

  @Test
  void anEventWhoseRowIsDeletedWhileItIsHandledIsPassedOver() throws Exception {
    Calls calls = Calls.gated();
    try (HandlerRuntime runtime = startedWithoutRetention(calls)) {
      OutboxEvent gone = stage.emit(CHAT, SENT, 0);
      until("handled", () -> calls.count() == 1);
      stage
          .rows()
          .execute(Stage.ONE, "DELETE FROM outbox_events WHERE id = ?", gone.id().toString());
      calls.open();
      stage.topics().awaitCommitted(CHAT, 0, 1);

      assertEquals(1, runtime.statistics().skipped());
    }
  }

  @Test
  void aTopicThatIsMissingIsLoggedOnceAndReadOnceItExists() throws Exception {
    Calls calls = Calls.succeeding();
    EventDomain late = EventDomain.of("LATE");
    try (Logged logged = Logged.by("io.sluice.handlers.internal.consume.StreamHealth");
        HandlerRuntime runtime = start(stage.runtime().handler(late, SENT, calls))) {
      until("logged", () -> !logged.events().isEmpty());
      stage.topics().create(late, 1);
      OutboxEvent event = stage.emit(late, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
      until("logged again", () -> logged.events().size() == 2);

      assertEquals(Level.ERROR, logged.events().get(0).getLevel());
      assertTrue(
          logged.events().get(0).getFormattedMessage().contains("does not exist on the brokers"));
      assertEquals(Level.INFO, logged.events().get(1).getLevel());
    }
  }

  @Test
  void nothingOfAnAbortedTransactionIsHandledAndNoLagIsLeft() throws Exception {
    Calls calls = Calls.succeeding();
    OutboxEvent aborted = Stage.event(CHAT, SENT);
    OutboxEvent committed = Stage.event(CHAT, SENT);
    stage.rows().write(Stage.ONE, aborted);
    stage.rows().write(Stage.ONE, committed);
    try (HandlerRuntime runtime = started(calls)) {
      stage.relay().relayInTransactions(aborted, committed, 0);
      // One event and one transaction marker for each transaction.
      stage.topics().awaitCommitted(CHAT, 0, 4);

      assertEquals(OutboxStatus.PENDING, stage.rows().row(aborted).status());
      assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(committed).status());
      assertEquals(1, calls.count());
    }
  }
}
