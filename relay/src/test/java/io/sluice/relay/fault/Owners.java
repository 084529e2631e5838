package io.sluice.relay.fault;

import io.sluice.relay.Await;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.group.ShardOwners;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.InternalTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The owners of shards, as reported in Kafka. */
final class Owners {

  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final String RUNNING = "RUNNING";

  private final ShardOwners owners;
  private final List<Integer> partitions;

  private Owners(ShardOwners owners, List<Integer> partitions) {
    this.owners = owners;
    this.partitions = partitions;
  }

  /** Reads the owners of this number of shards. */
  static Owners of(RelayFixture fixture, int shards) {
    RelayConfig config = fixture.config();
    InternalTopics topics = config.identity().topics();
    return new Owners(
        new ShardOwners(config.kafka(), topics.relays(), topics.positions()),
        IntStream.range(0, shards).boxed().toList());
  }

  /** The owners of running shards, by partition. */
  Map<Integer, String> running() {
    Map<Integer, String> relays = new TreeMap<>();
    try {
      Map<Integer, Owner> present = owners.read();
      for (int partition : partitions) {
        Owner owner = present.get(partition);
        if (owner != null && owner.state().equals(RUNNING)) {
          relays.put(partition, owner.relay());
        }
      }
    } catch (TransientException e) {
      return Map.of(); // the coordinator moves; retried
    }
    return relays;
  }

  /** Waits until all shards run on this number of relays, and returns their owners. */
  Map<Integer, String> awaitSpreadOver(int relays) {
    Await.until(
        BOUND,
        () -> "all shards running on %d relays, now %s".formatted(relays, owners.read()),
        () -> isSpread(relays));
    return running();
  }

  private boolean isSpread(int relays) {
    Map<Integer, String> present = running();
    return present.size() == partitions.size()
        && present.values().stream().distinct().count() == relays;
  }
}
