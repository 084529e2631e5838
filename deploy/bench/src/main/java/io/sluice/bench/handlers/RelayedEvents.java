package io.sluice.bench.handlers;

import io.sluice.bench.events.Arrivals;
import io.sluice.bench.events.EventTopics;
import io.sluice.bench.events.Outbox;
import io.sluice.bench.events.Shape;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.publishers.RelayPublisher;

/**
 * Events that were relayed, and not handled yet.
 *
 * @param outbox their rows
 * @param topics their topics
 * @param template the template of the topics' names
 */
record RelayedEvents(Outbox outbox, EventTopics topics, String template) {

  /** Writes the rows, and runs a relay until they are on the topics. */
  static RelayedEvents create(Bench bench, Outbox outbox, int count) throws Exception {
    RelayPublisher relay = RelayPublisher.ours(bench, outbox);
    relay.prepare(1);
    outbox.write(count, Shape.of(50, 100));
    EventTopics topics = relay.topics(0);
    topics.create();
    try (ChildProcess process = relay.start(0);
        Arrivals arrivals = Arrivals.on(topics, outbox.series().first(), count)) {
      arrivals.await(process);
    }
    outbox.keep();
    bench.say("%,d rows were written and relayed", count);
    return new RelayedEvents(outbox, topics, relay.template(0));
  }
}
