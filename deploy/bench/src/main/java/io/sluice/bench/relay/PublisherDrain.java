package io.sluice.bench.relay;

import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.EventTopics;
import io.sluice.bench.harness.Lap;
import io.sluice.bench.harness.Sample;

/** Times a publisher by the records that a consumer of committed records can read. */
record PublisherDrain(String name, Publisher publisher, long rows) implements Contender {

  @Override
  public Sample run(int round) throws Exception {
    EventTopics topics = publisher.topics(round);
    topics.create();
    try (ChildProcess process = publisher.start(round)) {
      Lap lap = new Lap(rows, process::cpuSeconds);
      topics.read(lap, process);
      return process.withPeakMemory(lap.sample());
    } finally {
      topics.delete();
    }
  }
}
