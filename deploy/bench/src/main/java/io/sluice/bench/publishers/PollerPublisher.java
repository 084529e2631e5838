package io.sluice.bench.publishers;

import io.sluice.bench.events.EventTopics;
import io.sluice.bench.events.Outbox;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;

/** A poller of the table, as many write it: {@code SELECT … FOR UPDATE SKIP LOCKED}. */
final class PollerPublisher implements Publisher {

  private final Bench bench;
  private final Outbox outbox;
  private final String prefix;

  PollerPublisher(Bench bench, Outbox outbox) {
    this.bench = bench;
    this.outbox = outbox;
    this.prefix = bench.uniqueName("poller-" + bench.nextServerId());
  }

  /** Nothing: where it begins is in the rows. */
  @Override
  public void prepare(int rounds) {}

  @Override
  public EventTopics topics(int round) {
    return EventTopics.of(bench.servers().kafka().bootstrapServers(), topicPrefix(round));
  }

  private String topicPrefix(int round) {
    return prefix + "-" + round;
  }

  @Override
  public ChildProcess start(int round) {
    return bench.start(
        topicPrefix(round),
        PollerMain.class,
        new PollerMain.Settings(
            bench.servers().kafka().bootstrapServers(),
            topicPrefix(round),
            outbox.address().jdbcUrl(outbox.database()),
            outbox.address().admin().user(),
            outbox.address().admin().password()));
  }
}
