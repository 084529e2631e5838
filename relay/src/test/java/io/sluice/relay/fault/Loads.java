package io.sluice.relay.fault;

import io.sluice.relay.Await;
import io.sluice.relay.RelayFixture;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Loads on several shards.
 *
 * @param loads by shard
 */
record Loads(List<SteadyLoad> loads) implements AutoCloseable {

  static Loads on(RelayFixture fixture, int shards, Committed committed) {
    return new Loads(
        IntStream.range(0, shards)
            .mapToObj(shard -> SteadyLoad.on(fixture, shard, committed))
            .toList());
  }

  /** Waits until each load has committed a transaction that it began after this call. */
  void awaitProgress() {
    List<Long> before = loads.stream().map(SteadyLoad::transactions).toList();
    Await.until(
        Duration.ofMinutes(1),
        "two more transactions of each load",
        () ->
            IntStream.range(0, loads.size())
                .allMatch(i -> loads.get(i).transactions() >= before.get(i) + 2));
  }

  /** Ends all loads and waits for their last commit. Idempotent. */
  void end() {
    loads.forEach(SteadyLoad::close);
  }

  @Override
  public void close() {
    end();
  }
}
