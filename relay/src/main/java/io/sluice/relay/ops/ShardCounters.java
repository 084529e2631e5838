package io.sluice.relay.ops;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.sluice.outbox.ShardId;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import java.util.concurrent.TimeUnit;

/** The counters of one shard. */
final class ShardCounters {

  static final String SHARD = "shard";

  private static final String RESTARTS = "Failed runs by cause: transient or operator";

  private final ShardStatistics statistics;
  private final Tags tags;
  private final MeterRegistry registry;

  private ShardCounters(ShardStatistics statistics, Tags tags, MeterRegistry registry) {
    this.statistics = statistics;
    this.tags = tags;
    this.registry = registry;
  }

  static void bind(ShardId shard, ShardStatistics statistics, MeterRegistry registry) {
    new ShardCounters(statistics, Tags.of(SHARD, shard.value()), registry).bind();
  }

  private void bind() {
    add(Counter.TAKEOVERS, "takeovers", "Times this relay began to relay the shard");
    add(
        Counter.PUBLISHED_EVENTS,
        "events.published",
        "Events relayed from the binlog to Kafka, whether handled or not");
    counter(
            Counter.PUBLISHED_BYTES,
            "payload.published",
            "Payloads of events relayed from the binlog")
        .baseUnit("bytes")
        .register(registry);
    add(
        Counter.QUARANTINED_EVENTS,
        "events.quarantined",
        "Events that went to a dead-letter topic");
    add(
        Counter.FINISHED_ROWS,
        "rows.finished",
        "Rows that were inserted as PUBLISHED or FAILED, and not published");
    add(Counter.DROPPED_ROWS, "rows.repeated", "Rows read again after a restart, published before");
    add(Counter.PREPARED_ROWS, "rows.prepared", "Rows of XA transactions");
    add(Counter.REPLAYED_EVENTS, "events.replayed", "Events published from the table");
    add(Counter.SWEPT_ROWS, "rows.swept", "Rows that reconciliation compared with their topics");
    add(
        Counter.UNDECIDED_ROWS,
        "rows.undecided",
        "Rows that reconciliation could not decide, older than their topics");
    add(
        Counter.REOPENED_ROWS,
        "rows.reopened",
        "Open rows whose events are on their topics, after their server has lost transactions");
    add(Counter.COMPLETED_EVENTS, "events.completed", "Events the relay itself marked PUBLISHED");
    add(Counter.CLEANED_ROWS, "rows.cleaned", "Rows removed by cleanup");
    counter(Counter.TRANSIENT_FAILURES, "restarts", RESTARTS)
        .tag("cause", "transient")
        .register(registry);
    counter(Counter.OPERATOR_FAILURES, "restarts", RESTARTS)
        .tag("cause", "operator")
        .register(registry);
    add(Counter.HEALINGS, "healings", "Lost positions that were replaced");
    add(
        Counter.UPKEEP_FAILURES,
        "upkeep.failures",
        "Failures of cleanup, reconciliation and other maintenance");
    FunctionTimer.builder(
            "sluice.relay.batches",
            statistics,
            counted -> counted.count(Counter.BATCHES),
            counted -> counted.count(Counter.BATCH_NANOS),
            TimeUnit.NANOSECONDS)
        .description("Batches published, and the time Kafka took")
        .tags(tags)
        .register(registry);
  }

  private void add(Counter counter, String name, String description) {
    counter(counter, name, description).register(registry);
  }

  private FunctionCounter.Builder<ShardStatistics> counter(
      Counter counter, String name, String description) {
    return FunctionCounter.builder(
            "sluice.relay." + name, statistics, counted -> counted.count(counter))
        .description(description)
        .tags(tags);
  }
}
