package io.sluice.bench.handlers;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.Sample;
import java.time.Duration;

/**
 * A plain loop of a Kafka consumer on one thread.
 *
 * @param updates whether it updates and commits each row
 * @param count how many events it reads
 */
record RawConsumer(Bench bench, RelayedEvents events, boolean updates, long count)
    implements Contender {

  private static final Duration BOUND = Duration.ofMinutes(10);

  @Override
  public String name() {
    return updates
        ? "Raw consumer, one UPDATE and commit an event"
        : "Raw consumer that does nothing";
  }

  @Override
  public Sample run(int round) throws Exception {
    if (updates) {
      events.outbox().reset();
    }
    RawConsumerMain.Settings settings =
        new RawConsumerMain.Settings(
            bench.servers().kafka().bootstrapServers(),
            events.topics().names(),
            bench.uniqueName("raw-%s-%d".formatted(updates, round)),
            updates,
            JdbcLogin.of(events.outbox()),
            count);
    try (ChildProcess process = bench.start("raw-consumer", RawConsumerMain.class, settings)) {
      return process.awaitSample(BOUND);
    }
  }
}
