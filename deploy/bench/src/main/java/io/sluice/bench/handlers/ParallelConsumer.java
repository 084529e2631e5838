package io.sluice.bench.handlers;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.Sample;
import java.time.Duration;

/**
 * Confluent's parallel consumer, ordered by key.
 *
 * @param calls its threads, and how long a call takes
 */
record ParallelConsumer(Bench bench, RelayedEvents events, Worker.Calls calls)
    implements Contender {

  private static final Duration BOUND = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "Confluent parallel-consumer, %d threads".formatted(calls.concurrency());
  }

  @Override
  public Sample run(int round) throws Exception {
    String process = "parallel-consumer-" + bench.nextServerId();
    ParallelConsumerMain.Settings settings =
        new ParallelConsumerMain.Settings(
            bench.servers().kafka().bootstrapServers(),
            events.topics().names(),
            bench.uniqueName(process),
            calls.concurrency(),
            calls.millis(),
            events.outbox().rows());
    try (ChildProcess consumer = bench.start(process, ParallelConsumerMain.class, settings)) {
      return consumer.awaitSample(BOUND);
    }
  }
}
