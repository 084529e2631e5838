package io.sluice.handlers.internal.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.SettableClock;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.ShardId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class InFlightEventTest {

  private final TestRecord delivery = new TestRecord(0);
  private final HandledEvent given =
      HandledEvent.builder(EventDomain.CHAT, "message_sent")
          .id("a1")
          .shard(ShardId.of("shard-1"))
          .aggregate("room", "7")
          .payload("{}")
          .headers(EventHeaders.NONE.with("traceparent", "00-1"))
          .createdAt(Instant.EPOCH.plusSeconds(1))
          .build();
  private final InFlightEvent event =
      new InFlightEvent(
          given,
          delivery,
          new OutstandingEvents(new EventLoop(new SettableClock(), (any, failure) -> {})));

  /** Deferral must keep the counts of failures, because the row does not contain them. */
  @Test
  void keepsAllButItsPayloadWhenItIsDeferred() {
    assertEquals(1, event.countDoubt());
    assertEquals(1, event.countSetback());
    event.defer(Awaited.RECOVERY);
    event.dropPayload();
    assertFalse(event.isLoaded());
    assertEquals(0, event.event().payloadLength());
    event.load("{\"n\": 1}".getBytes(UTF_8));

    assertTrue(event.isLoaded());
    assertEquals("{\"n\": 1}", event.event().payload());
    assertEquals(given.headers(), event.event().headers());
    assertEquals(given.createdAt(), event.event().createdAt());
    assertEquals(2, event.countDoubt());
    assertEquals(2, event.countSetback());
  }

  @Test
  void takesOnlyTheAnswerToItsLastQuestion() {
    int first = event.ask();
    event.defer(Awaited.SHARD);
    assertFalse(event.isAsked(first));
    int second = event.ask();
    assertFalse(event.isAsked(first));
    assertTrue(event.isAsked(second));

    delivery.lose();
    assertFalse(event.isAsked(second));
  }
}
