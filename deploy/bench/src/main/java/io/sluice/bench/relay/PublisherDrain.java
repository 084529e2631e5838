package io.sluice.bench.relay;

import io.sluice.bench.events.Arrivals;
import io.sluice.bench.events.EventTopics;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.Metric;
import io.sluice.bench.harness.Sample;
import io.sluice.bench.publishers.Publisher;

/** Times a publisher until all events are readable for consumers of committed records. */
record PublisherDrain(String name, Publisher publisher, int rows) implements Contender {

  @Override
  public Sample run(int round) throws Exception {
    EventTopics topics = publisher.topics(round);
    topics.create();
    try (ChildProcess process = publisher.start(round);
        Arrivals arrivals = Arrivals.on(topics, 0, rows)) {
      Sample sample = process.withPeakMemory(arrivals.await(process).sample());
      long duplicates = arrivals.duplicates();
      return duplicates == 0 ? sample : sample.with(Metric.DUPLICATES, (double) duplicates);
    } finally {
      topics.delete();
    }
  }
}
