package io.sluice.handlers.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.internal.status.AggregateKey;
import io.sluice.outbox.ShardId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParkedAggregatesTest {

  private static final ShardId SHARD = ShardId.of("shard-1");
  private static final AggregateKey ROOM = new AggregateKey(SHARD, "room", "7");

  private final ParkedAggregates parked = new ParkedAggregates();

  @Test
  void remembersEachFailedEventOfAnAggregate() {
    parked.failed(ROOM, "1");
    parked.failed(ROOM, "3");

    assertEquals(Optional.of("1"), parked.before(ROOM, "5"));
    parked.released(ROOM, "1");
    assertEquals(Optional.of("3"), parked.before(ROOM, "5"));
    parked.released(ROOM, "3");
    assertEquals(Optional.empty(), parked.before(ROOM, "5"));
  }

  @Test
  void putsARedrivenEventBeforeThoseThatFailedAfterIt() {
    parked.failed(ROOM, "1");
    parked.failed(ROOM, "3");

    assertEquals(Optional.empty(), parked.before(ROOM, "1"));
    assertEquals(Optional.of("1"), parked.before(ROOM, "3"));
  }

  @Test
  void takesWhatTheShardSaysForWhatIs() {
    parked.failed(ROOM, "1");
    parked.know(SHARD, Map.of("4", ROOM), parked.epoch(), any -> false);

    assertTrue(parked.isKnown(SHARD));
    assertEquals(Optional.of("4"), parked.before(ROOM, "5"));
  }

  @Test
  void doesNotTakeAnAnswerFromBeforePartitionsCame() {
    int before = parked.epoch();
    assertTrue(parked.ask(SHARD));
    parked.forgetWhatIsKnown();
    parked.know(SHARD, Map.of("4", ROOM), before, any -> false);

    assertFalse(parked.isKnown(SHARD));
    assertTrue(parked.ask(SHARD), "it is asked again");
    assertFalse(parked.ask(SHARD), "once");
  }
}
