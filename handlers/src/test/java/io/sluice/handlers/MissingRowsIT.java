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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows that are missing although they cannot have been cleaned up. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class MissingRowsIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Stage stage;
  private boolean isReplaced;

  MissingRowsIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 1);
  }

  private void replaceTable() throws Exception {
    stage.rows().execute(Stage.ONE, "CREATE TABLE o2 LIKE outbox_events");
    stage.rows().execute(Stage.ONE, "RENAME TABLE outbox_events TO o_old, o2 TO outbox_events");
    isReplaced = true;
  }

  @AfterEach
  void restoreTable() throws Exception {
    if (isReplaced) {
      stage.rows().execute(Stage.ONE, "RENAME TABLE outbox_events TO o2, o_old TO outbox_events");
      stage.rows().execute(Stage.ONE, "DROP TABLE o2");
      isReplaced = false;
    }
  }

  private List<OutboxEvent> emit(String room, int count) throws Exception {
    List<OutboxEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(Stage.event(CHAT, SENT, room + i));
    }
    stage.emitAll(Stage.ONE, events, 0);
    return events;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  @Test
  void openEventsOfAReplacedTableAreKeptForADecision() throws Exception {
    List<OutboxEvent> open = emit("room", 20);
    replaceTable();
    Calls calls = Calls.succeeding();
    try (Logged logged = Logged.by(EventProcessor.class);
        HandlerRuntime runtime = started(calls)) {
      until("they wait", () -> runtime.snapshot(CHAT).rowsMissing() == 20);
      until("logged", () -> !logged.events().isEmpty());
      ILoggingEvent line = logged.events().get(0);
      assertEquals(Level.ERROR, line.getLevel());
      // The first rows may have been read before the others.
      assertTrue(line.getFormattedMessage().matches("[1-9][0-9]? event.s. of shard 'shard-1'.*"));
      assertEquals(0, runtime.statistics().skipped());

      OutboxEvent next = emit("new", 1).get(0);
      stage.rows().awaitStatus(next, OutboxStatus.PUBLISHED);
      List<ConsumerRecord<byte[], byte[]>> letters = stage.topics().deadLetters(CHAT, 20);
      assertEquals(
          open.stream().map(event -> event.id().toString()).collect(Collectors.toSet()),
          letters.stream().map(letter -> header(letter, "id")).collect(Collectors.toSet()));
      for (ConsumerRecord<byte[], byte[]> letter : letters) {
        assertEquals("{\"amount\":100.00}", new String(letter.value(), UTF_8));
        assertTrue(header(letter, "outbox-error").contains("MissingRowException"));
      }
      stage.topics().awaitCommitted(CHAT, 0, 21);
      assertEquals(new HandlerStatistics(1, 1, 0, 0, 0, 0, 0, 20), runtime.statistics());
      assertEquals(0, runtime.snapshot(CHAT).rowsMissing());
    }
  }

  private HandlerRuntime started(Calls calls) {
    HandlerRuntime runtime = stage.runtime().handler(CHAT, SENT, calls).build();
    runtime.start();
    return runtime;
  }

  @Test
  void theyAreHandledIfTheirRowsComeBack() throws Exception {
    List<OutboxEvent> open = emit("room", 20);
    replaceTable();
    Calls calls = Calls.succeeding();
    try (HandlerRuntime runtime = started(calls)) {
      until("they wait", () -> runtime.snapshot(CHAT).rowsMissing() == 20);
      restoreTable();
      for (OutboxEvent event : open) {
        stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
      }
      assertEquals(20, calls.count());
      assertEquals(0, runtime.snapshot(CHAT).rowsMissing());
    }
  }

  @Test
  void anAggregateGoesOnAfterEventsWithoutRows() throws Exception {
    OutboxEvent first = Stage.event(CHAT, SENT);
    OutboxEvent second = Stage.event(CHAT, SENT);
    stage.relay().relay(Stage.ONE, first, 0);
    stage.relay().relay(Stage.ONE, second, 0);
    OutboxEvent last = Stage.event(CHAT, SENT);
    stage.emit(Stage.ONE, last, 0);
    try (HandlerRuntime runtime = started(Calls.succeeding())) {
      stage.rows().awaitStatus(last, OutboxStatus.PUBLISHED);
      HandlerStatistics expected = new HandlerStatistics(1, 1, 0, 0, 0, 0, 0, 2);
      // The row is written a moment before the event counts.
      until("the event counts", () -> runtime.statistics().processed() > 0);
      assertEquals(expected, runtime.statistics());
    }
  }

  @Test
  void swappedDataSourcesStopTheirShards() throws Exception {
    OutboxEvent one = stage.emit(Stage.ONE, Stage.event(CHAT, SENT), 0);
    OutboxEvent two = stage.emit(Stage.TWO, Stage.event(CHAT, SENT), 0);
    try (HandlerRuntime runtime =
        stage
            .runtime(
                Map.of(
                    Stage.ONE, stage.rows().workerSource(Stage.TWO),
                    Stage.TWO, stage.rows().workerSource(Stage.ONE)))
            .handler(CHAT, SENT, Calls.succeeding())
            .build()) {
      runtime.start();
      until("both wait", () -> runtime.snapshot(CHAT).rowsMissing() == 2);
      Instant end = Instant.now().plus(Stage.TIMINGS.missingRow().multipliedBy(2));
      until("long enough", () -> Instant.now().isAfter(end));
      assertEquals(HandlerStatistics.NONE, runtime.statistics());
      assertEquals(2, runtime.snapshot(CHAT).rowsMissing());
    }
    try (HandlerRuntime runtime = started(Calls.succeeding())) {
      stage.rows().awaitStatus(one, OutboxStatus.PUBLISHED);
      until(
          "the other too",
          () -> stage.rows().row(Stage.TWO, two).status() == OutboxStatus.PUBLISHED);
      assertEquals(0, runtime.statistics().skipped());
    }
  }
}
