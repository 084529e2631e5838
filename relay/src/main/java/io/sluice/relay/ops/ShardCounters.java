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

  private final ShardStatistics statistics;
  private final Tags tags;
  private final MeterRegistry registry;

  private ShardCounters(ShardStatistics statistics, Tags tags, MeterRegistry registry) {
    this.statistics = statistics;
    this.tags = tags;
    this.registry = registry;
  }

  static void bind(ShardId shard, ShardStatistics statistics, MeterRegistry registry) {
    ShardCounters counters = new ShardCounters(statistics, Tags.of(SHARD, shard.value()), registry);
    for (Counter counter : Counter.values()) {
      counters.bind(counter);
    }
    FunctionTimer.builder(
            "sluice.relay.batches",
            statistics,
            counted -> counted.count(Counter.BATCHES),
            counted -> counted.count(Counter.BATCH_NANOS),
            TimeUnit.NANOSECONDS)
        .description("Batches published, and the time Kafka took")
        .tags(counters.tags)
        .register(registry);
  }

  private void bind(Counter counter) {
    switch (counter) {
      case TAKEOVERS -> add(counter, "takeovers", "Times this relay began to relay the shard");
      case PUBLISHED_EVENTS -> add(counter, "events.published", "Events published from the binlog");
      case PUBLISHED_BYTES ->
          add(
              counter,
              "payload.published",
              "Payloads of events published from the binlog",
              "bytes");
      case QUARANTINED_EVENTS ->
          add(counter, "events.quarantined", "Events that went to a dead-letter topic");
      case DROPPED_ROWS ->
          add(counter, "rows.repeated", "Rows read again after a restart, published before");
      case PREPARED_ROWS -> add(counter, "rows.prepared", "Rows of XA transactions");
      case REPLAYED_EVENTS -> add(counter, "events.replayed", "Events published from the table");
      case SWEPT_ROWS ->
          add(counter, "rows.swept", "Rows that reconciliation compared with their topics");
      case UNDECIDED_ROWS ->
          add(
              counter,
              "rows.undecided",
              "Rows that reconciliation could not decide, older than their topics");
      case COMPLETED_EVENTS ->
          add(counter, "events.completed", "Events the relay itself marked PUBLISHED");
      case CLEANED_ROWS -> add(counter, "rows.cleaned", "Rows removed by cleanup");
      case TRANSIENT_FAILURES -> restarts(counter, "transient");
      case OPERATOR_FAILURES -> restarts(counter, "operator");
      case HEALINGS -> add(counter, "healings", "Lost positions that were replaced");
      case UPKEEP_FAILURES ->
          add(
              counter,
              "upkeep.failures",
              "Failures of cleanup, reconciliation and other maintenance");
      case BATCHES, BATCH_NANOS -> {} // one timer of both
    }
  }

  private void restarts(Counter counter, String cause) {
    register(
        counter,
        "restarts",
        "Failed runs by cause: transient or operator",
        tags.and("cause", cause));
  }

  private void add(Counter counter, String name, String description) {
    register(counter, name, description, tags);
  }

  private void add(Counter counter, String name, String description, String unit) {
    builder(counter, name, description, tags).baseUnit(unit).register(registry);
  }

  private void register(Counter counter, String name, String description, Tags with) {
    builder(counter, name, description, with).register(registry);
  }

  private FunctionCounter.Builder<ShardStatistics> builder(
      Counter counter, String name, String description, Tags with) {
    return FunctionCounter.builder(
            "sluice.relay." + name, statistics, counted -> counted.count(counter))
        .description(description)
        .tags(with);
  }
}
