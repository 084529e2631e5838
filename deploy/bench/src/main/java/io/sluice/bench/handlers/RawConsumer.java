package io.sluice.bench.handlers;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.Sample;
import java.time.Duration;

/**
 * A plain loop of a Kafka consumer on one thread.
 *
 * @param work what it does with the events
 * @param count how many events it reads
 */
record RawConsumer(Bench bench, RelayedEvents events, Work work, long count) implements Contender {

  private static final Duration BOUND = Duration.ofMinutes(10);

  /** What is done with the events of a poll. */
  enum Work {
    NOTHING("Raw consumer that does nothing"),
    UPDATE_EACH("Raw consumer, one UPDATE and commit an event"),
    UPDATE_ALL("Raw consumer, one UPDATE and commit a poll");

    private final String words;

    Work(String words) {
      this.words = words;
    }
  }

  @Override
  public String name() {
    return work.words;
  }

  @Override
  public Sample run(int round) throws Exception {
    RawConsumerMain.Settings settings =
        new RawConsumerMain.Settings(
            bench.servers().kafka().bootstrapServers(),
            events.topics().names(),
            bench.uniqueName("raw-%s-%d".formatted(work, round)),
            work,
            JdbcLogin.of(events.outbox()),
            count);
    try (ChildProcess process = bench.start("raw-consumer", RawConsumerMain.class, settings)) {
      Sample sample = process.awaitSample(BOUND);
      long expected = work == Work.NOTHING ? 0 : count;
      if (events.outbox().published() < expected) {
        throw new IllegalStateException("the consumer counted events whose rows are not written");
      }
      return sample;
    }
  }
}
