package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Handlers of a group that does not own the domain. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class ObserverIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Stage stage;

  ObserverIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 1);
  }

  @Test
  void theRowIsTheOwnersAlone() throws Exception {
    Calls looking = Calls.failing(1);
    HandlerRuntime observer =
        HandlerRuntime.builder()
            .kafka(stage.kafka())
            .topics(stage.topics().template())
            .observer(stage.topics().groupPrefix() + "analytics.")
            .unhandled(Unhandled.SKIP)
            .retry(RetryPolicy.exponential(Duration.ofMillis(20), Duration.ofMillis(20)))
            .handler(CHAT, SENT, looking)
            .build();
    observer.start();
    try (observer) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      until("seen, and seen again", () -> observer.statistics().published() == 1);

      assertEquals(List.of(1, 2), looking.attempts());
      Row row = stage.rows().row(event);
      assertEquals(OutboxStatus.PENDING, row.status());
      assertEquals(0, row.retryCount());
    }
  }

  @Test
  void ownerAndObserverAreGivenEachEvent() throws Exception {
    Calls owning = Calls.failing(1);
    Calls looking = Calls.succeeding();
    // Observers need no shards and ignore configured ones.
    HandlerRuntime observer =
        stage
            .runtime()
            .observer(stage.topics().groupPrefix() + "analytics.")
            .handler(CHAT, SENT, looking)
            .build();
    HandlerRuntime owner =
        stage
            .runtime()
            .retry(RetryPolicy.exponential(Duration.ofHours(1), Duration.ofHours(1)))
            .handler(CHAT, SENT, owning)
            .build();
    observer.start();
    owner.start();
    try (observer;
        owner) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      until("the observer is done", () -> observer.statistics().published() == 1);
      stage.rows().awaitStatus(event, OutboxStatus.RETRY);

      assertEquals(List.of(1), looking.attempts());
      assertEquals(List.of(1), owning.attempts());
      assertEquals(1, stage.rows().row(event).retryCount());
    }
    assertEquals(0, stage.topics().committed(CHAT, 0), "the owner's offset is the owner's alone");
  }

  @Test
  void itGivesUpAsOftenAsTheRecordSaysAndSendsALetterOfItsOwn() throws Exception {
    HandlerRuntime observer =
        HandlerRuntime.builder()
            .kafka(stage.kafka())
            .topics(stage.topics().template())
            .observer(stage.topics().groupPrefix() + "audit.")
            .unhandled(Unhandled.SKIP)
            .retry(RetryPolicy.exponential(Duration.ofMillis(20), Duration.ofMillis(20)))
            .handler(CHAT, SENT, Calls.failing(100))
            .build();
    observer.start();
    try (observer) {
      OutboxEvent event =
          OutboxEvent.builder(CHAT, SENT).aggregate("room", "7").json("{}").maxRetries(5).build();
      stage.emit(Stage.ONE, event, 0);
      until("given up", () -> observer.statistics().failed() == 1);

      assertEquals(4, observer.statistics().retried());
      assertEquals(OutboxStatus.PENDING, stage.rows().row(event).status());
    }
    assertEquals(
        stage.topics().groupPrefix() + "audit.chat",
        new String(
            stage
                .topics()
                .deadLetters(CHAT, 1)
                .get(0)
                .headers()
                .lastHeader("kafka_dlt-original-consumer-group")
                .value(),
            StandardCharsets.UTF_8));
  }
}
