package io.sluice.bench.handlers;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.EventTopics;
import io.sluice.bench.harness.Lap;
import io.sluice.bench.harness.Outbox;
import io.sluice.bench.harness.Shape;
import io.sluice.bench.relay.RelayPublisher;

/**
 * Events that were relayed, and not handled yet.
 *
 * @param outbox their rows
 * @param topics their topics
 * @param template the template of the topics' names
 */
record RelayedEvents(Outbox outbox, EventTopics topics, String template) {

  /** Writes the rows, and runs a relay until they are on the topics. */
  static RelayedEvents create(Bench bench, Outbox outbox, long count) throws Exception {
    RelayPublisher relay = RelayPublisher.ours(bench, outbox);
    relay.prepare(1);
    outbox.write(count, Shape.of(50, 100));
    EventTopics topics = relay.topics(0);
    topics.create();
    Lap lap = new Lap(count, () -> 0);
    try (ChildProcess process = relay.start(0)) {
      topics.read(lap, process);
    }
    bench.say("%,d rows were written and relayed", count);
    return new RelayedEvents(outbox, topics, relay.template(0));
  }
}
