package io.sluice.handlers.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.handlers.SettableClock;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BufferTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final OutstandingEvents outstanding =
      new OutstandingEvents(new EventLoop(new SettableClock(), (event, failure) -> {}));
  private final Buffer buffer = new Buffer(2, 1_000, true);
  private Instant now = Instant.EPOCH;

  private InFlightEvent add(String id) {
    HandledEvent event =
        HandledEvent.builder(EventDomain.CHAT, "message_sent")
            .id(id)
            .shard(ShardId.of("shard-1"))
            .aggregate("room", id)
            .payload("{}")
            .build();
    InFlightEvent added = new InFlightEvent(event, new TestRecord(0), outstanding);
    buffer.add(added);
    return added;
  }

  private Optional<Duration> stallAfter(Duration time) {
    now = now.plus(time);
    return buffer.stall(now);
  }

  @Test
  void aBufferThatStaysFullForLongIsStalledWhichIsReportedOnce() {
    add("1");
    assertEquals(Optional.empty(), stallAfter(LONG));
    assertEquals(Optional.empty(), stallAfter(LONG), "there is room");

    add("2");
    assertEquals(Optional.empty(), stallAfter(LONG.minusMillis(1)));
    assertEquals(Optional.of(LONG), stallAfter(Duration.ofMillis(1)));
    assertEquals(Optional.empty(), stallAfter(LONG));
  }

  @Test
  void aFullBufferThatEventsLeaveIsNotStalled() {
    InFlightEvent first = add("1");
    add("2");
    assertEquals(Optional.empty(), stallAfter(Duration.ZERO));

    buffer.remove(first);
    add("3");
    assertEquals(Optional.empty(), stallAfter(LONG), "one has left since");
    assertEquals(Optional.of(LONG), stallAfter(LONG));
  }
}
