package io.sluice.handlers;

import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.Unhandled;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** The environment of a runtime in one test: rows, topics of the test's own, and a relay. */
final class Stage {

  static final ShardId ONE = ShardId.of("shard-1");
  static final ShardId TWO = ShardId.of("shard-2");

  /** Slow enough that a slow machine does not make a shard look away. */
  static final HandlerTimings TIMINGS = new HandlerTimings(5);

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final String brokers;
  private final StageRows rows;
  private final StageTopics topics;
  private final StageRelay relay;

  Stage(StageResources resources) {
    brokers = resources.sandbox().kafka().bootstrapServers();
    rows = resources.rows();
    String prefix = "%st%d.".formatted(resources.sandbox().topicPrefix(), NUMBER.incrementAndGet());
    topics = new StageTopics(resources.admin(), brokers, prefix);
    relay = new StageRelay(resources.producer(), brokers, topics);
  }

  StageRows rows() {
    return rows;
  }

  StageTopics topics() {
    return topics;
  }

  StageRelay relay() {
    return relay;
  }

  /** Returns a builder that needs only handlers. */
  HandlerRuntimeBuilder runtime() {
    return runtime(rows.workerSources());
  }

  /** Returns such a builder with other connections to the shards. */
  HandlerRuntimeBuilder runtime(Map<ShardId, DataSource> shards) {
    return runtime(ShardDataSources.of(shards));
  }

  private HandlerRuntimeBuilder runtime(ShardDataSources shards) {
    return HandlerRuntime.builder()
        .kafka(kafka())
        .shards(shards)
        .topics(topics.template())
        .groupPrefix(topics.groupPrefix())
        .unhandled(Unhandled.DEAD_LETTER)
        .retry(RetryPolicy.exponential(Duration.ofMillis(20), Duration.ofMillis(50)))
        .timings(TIMINGS)
        .closeTimeout(Duration.ofSeconds(20));
  }

  /** Properties of a consumer that notices rebalances soon and does not wait for more records. */
  Map<String, Object> kafka() {
    return Map.of(
        "bootstrap.servers", brokers,
        "session.timeout.ms", 6000,
        "heartbeat.interval.ms", 200,
        "fetch.max.wait.ms", 100);
  }

  static OutboxEvent event(EventDomain domain, String eventType) {
    return event(domain, eventType, "7");
  }

  static OutboxEvent event(EventDomain domain, String eventType, String room) {
    return OutboxEvent.builder(domain, eventType)
        .aggregate("room", room)
        .json("{\"amount\":100.00}")
        .build();
  }

  /** Writes a row, and the record that the relay would write for it. */
  OutboxEvent emit(ShardId shard, OutboxEvent event, int partition) throws Exception {
    rows.write(shard, event);
    relay.relay(shard, event, partition);
    return event;
  }

  /** Writes a row and a record of the first shard. The partition also names the aggregate. */
  OutboxEvent emit(EventDomain domain, String eventType, int partition) throws Exception {
    return emit(ONE, event(domain, eventType, Integer.toString(partition)), partition);
  }

  /** Writes rows in one transaction, and their records. */
  void emitAll(ShardId shard, List<OutboxEvent> events, int partition) throws Exception {
    rows.write(shard, events);
    relay.relayAll(shard, events, partition);
  }
}
