package io.sluice.handlers.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.ShardId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandledEventTest {

  private static HandledEvent.Builder complete() {
    return HandledEvent.builder(EventDomain.CHAT, "message_sent")
        .id("1")
        .shard(ShardId.GLOBAL)
        .aggregate("room", "7")
        .payload("{\"text\":\"🙂 secret\"}")
        .headers(new EventHeaders(Map.of("tenant", "secret")));
  }

  @Test
  void keepsThePayloadsBytes() {
    byte[] bytes = {(byte) 0xFF, 0, 1};

    HandledEvent event = complete().payload(bytes).build();
    event.payloadBytes()[0] = 9;
    bytes[1] = 9;

    assertArrayEquals(new byte[] {(byte) 0xFF, 0, 1}, event.payloadBytes());
  }

  @Test
  void readsThePayloadAsUtf8() {
    assertEquals("{\"text\":\"🙂 secret\"}", complete().build().payload());
  }

  @Test
  void showsNeitherPayloadNorHeaders() {
    HandledEvent event = complete().build();

    assertEquals("event 1 (message_sent of CHAT, shard 'global')", event.toString());
    assertFalse(event.headers().toString().contains("secret"));
  }

  @Test
  void isOneLineHoweverItsTypeIsCalled() {
    HandledEvent event =
        HandledEvent.builder(EventDomain.CHAT, "a\n2026 ERROR b\u2028c\u202Ed\u0085")
            .id("1")
            .shard(ShardId.GLOBAL)
            .aggregate("room", "7")
            .payload("")
            .build();

    assertEquals("event 1 (a?2026 ERROR b?c?d? of CHAT, shard 'global')", event.toString());
    assertFalse(
        String.valueOf(new UnhandledEventException(EventDomain.CHAT, "a\nb").getMessage())
            .contains("\n"));
  }

  @Test
  void copiesEverythingIntoItsBuilder() {
    HandledEvent event = complete().attempt(2).maxRetries(5).build();

    HandledEvent copy = event.toBuilder().attempt(3).build();

    assertEquals(3, copy.attempt());
    assertEquals(5, copy.maxRetries());
    assertEquals(event.id(), copy.id());
    assertEquals(event.shard(), copy.shard());
    assertEquals(event.headers(), copy.headers());
    assertEquals(event.aggregateId(), copy.aggregateId());
    assertEquals(event.aggregateType(), copy.aggregateType());
    assertEquals(event.createdAt(), copy.createdAt());
    assertEquals(event.payload(), copy.payload());
  }

  @Test
  void saysWhatIsMissing() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> HandledEvent.builder(EventDomain.CHAT, "x").id("1").build());

    assertEquals("the event has no shard: call shard(…) before build()", refused.getMessage());
  }

  @Test
  void countsAttemptsFromOne() {
    assertThrows(IllegalArgumentException.class, () -> complete().attempt(0));
  }
}
