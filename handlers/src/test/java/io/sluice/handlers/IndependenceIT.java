package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.handlers.api.RetryPolicy;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A slow, failing or waiting event delays only its own partition. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class IndependenceIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final EventDomain MARKET = EventDomain.MARKET;

  private final Stage stage;

  IndependenceIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 2);
    stage.topics().create(MARKET, 1);
  }

  private HandlerRuntimeBuilder retryingInAnHour() {
    return stage.runtime().retry(RetryPolicy.exponential(Duration.ofHours(1), Duration.ofHours(1)));
  }

  private static HandlerRuntime start(HandlerRuntimeBuilder builder) {
    HandlerRuntime runtime = builder.build();
    runtime.start();
    return runtime;
  }

  @Test
  void anEventThatWaitsForItsRetryDelaysNoOtherPartition() throws Exception {
    Calls good = Calls.succeeding();
    try (HandlerRuntime runtime =
        start(
            retryingInAnHour()
                .handler(CHAT, "poison", Calls.failing(100))
                .handler(CHAT, "good", good))) {
      OutboxEvent poison = stage.emit(CHAT, "poison", 0);
      OutboxEvent behind = stage.emit(CHAT, "good", 0);
      stage.rows().awaitStatus(poison, OutboxStatus.RETRY);

      for (int i = 1; i <= 5; i++) {
        stage.emit(CHAT, "good", 1);
        stage.topics().awaitCommitted(CHAT, 1, i);
      }

      assertEquals(0, stage.topics().committed(CHAT, 0));
      assertEquals(OutboxStatus.PENDING, stage.rows().row(behind).status());
      assertEquals(1, stage.rows().row(poison).retryCount());
      assertEquals(5, good.count());
    }
  }

  @Test
  void anEventThatWaitsForItsRetryDelaysNoOtherDomain() throws Exception {
    try (HandlerRuntime runtime =
        start(
            retryingInAnHour()
                .handler(CHAT, "poison", Calls.failing(100))
                .handler(MARKET, "good", Calls.succeeding()))) {
      OutboxEvent poison = stage.emit(CHAT, "poison", 0);
      stage.rows().awaitStatus(poison, OutboxStatus.RETRY);

      stage.emit(MARKET, "good", 0);
      stage.topics().awaitCommitted(MARKET, 0, 1);
    }
  }

  @Test
  void aHandlerThatDoesNotReturnDelaysNeitherOtherPartitionsNorDomains() throws Exception {
    Calls stuck = Calls.gated();
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .handler(CHAT, "stuck", stuck)
                .handler(CHAT, "good", Calls.succeeding())
                .handler(MARKET, "good", Calls.succeeding()))) {
      OutboxEvent event = stage.emit(CHAT, "stuck", 0);
      until("the handler is stuck", () -> stuck.count() == 1);

      for (int i = 1; i <= 5; i++) {
        stage.emit(CHAT, "good", 1);
        stage.emit(MARKET, "good", 0);
        stage.topics().awaitCommitted(CHAT, 1, i);
        stage.topics().awaitCommitted(MARKET, 0, i);
      }
      assertEquals(OutboxStatus.PENDING, stage.rows().row(event).status());
      assertEquals(0, stage.topics().committed(CHAT, 0));

      stuck.open();
      stage.topics().awaitCommitted(CHAT, 0, 1);
      assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(event).status());
    }
  }

  @Test
  void threadsAreNamedByDomainAndRole() throws Exception {
    List<String> names = new CopyOnWriteArrayList<>();
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .handler(CHAT, "good", event -> names.add(Thread.currentThread().getName())))) {
      stage.emit(CHAT, "good", 0);
      stage.topics().awaitCommitted(CHAT, 0, 1);
    }
    assertEquals(List.of("sluice-handlers-chat-worker-1"), names);
  }
}
