package io.sluice.relay.engine;

import io.debezium.connector.mysql.MySqlConnector;
import io.debezium.storage.kafka.history.KafkaSchemaHistory;
import io.sluice.outbox.OutboxTable;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TlsMode;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The settings of one shard's engine. Each that differs from its default has its reason. */
final class EngineProperties {

  static final String HISTORY = "schema.history.internal.";

  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final int MAX_BATCH_ROWS = 2048;
  private static final int MAX_QUEUE_ROWS = 8192;
  private static final long MAX_QUEUE_BYTES = 32L << 20;

  private static final List<String> COLUMNS =
      List.of(
          OutboxTable.ID,
          OutboxTable.DOMAIN,
          OutboxTable.EVENT_TYPE,
          OutboxTable.AGGREGATE_TYPE,
          OutboxTable.AGGREGATE_ID,
          OutboxTable.EVENT_DATA,
          OutboxTable.HEADERS,
          OutboxTable.MAX_RETRIES,
          OutboxTable.CREATED_AT);

  private final Properties properties = new Properties();

  private EngineProperties() {}

  static Properties of(ShardSource source, KafkaSettings kafka, String historyTopic) {
    EngineProperties engine = new EngineProperties();
    engine.connection(source);
    engine.capture(source);
    engine.failing();
    engine.flow();
    engine.properties.putAll(history(source, kafka, historyTopic));
    return engine.properties;
  }

  /** What names the engine, and its source in offsets and schema history. */
  static String sourceName(ShardSource source) {
    return "sluice-" + source.id();
  }

  private void connection(ShardSource source) {
    set("name", sourceName(source));
    set("topic.prefix", sourceName(source));
    set("connector.class", MySqlConnector.class.getName());
    set("database.hostname", source.host());
    set("database.port", source.port());
    set("database.user", source.login().username());
    set("database.password", source.login().password().value());
    set("database.server.id", source.serverId());
    set("database.ssl.mode", source.tls() == TlsMode.DISABLED ? "disabled" : "verify_identity");
    set("driver.allowPublicKeyRetrieval", source.tls() == TlsMode.DISABLED);
    // It reconnects by itself in the middle of a transaction and skips rows; the supervisor starts
    // a new engine instead. Its interval still sets the period of the server's heartbeats.
    set("connect.keep.alive", false);
    set("connect.keep.alive.interval.ms", HEARTBEAT.toMillis());
    set("heartbeat.interval.ms", HEARTBEAT.toMillis());
    set("offset.storage", StartingOffset.class.getName());
  }

  private void capture(ShardSource source) {
    String table = Pattern.quote(source.database() + "." + OutboxTable.NAME);
    set("database.include.list", Pattern.quote(source.database()));
    set("table.include.list", table);
    set(
        "column.include.list",
        COLUMNS.stream()
            .map(column -> Pattern.quote(source.database() + "." + OutboxTable.NAME + "." + column))
            .collect(Collectors.joining(",")));
    // Updates and deletes are status changes and cleanup: not events.
    set("skipped.operations", "u,d,t");
    // A snapshot would publish rows again; a shard's first position is stored by provisioning.
    set("snapshot.mode", "no_data");
    set("snapshot.locking.mode", "none");
    set("include.schema.changes", false);
    set("extended.headers.enabled", false);
  }

  private void failing() {
    // The default turns a value that cannot be converted into NULL.
    set("event.converting.failure.handling.mode", "fail");
    set("event.deserialization.failure.handling.mode", "fail");
    set("inconsistent.schema.handling.mode", "fail");
    // The supervisor alone decides about another try.
    set("errors.max.retries", 0);
    set("task.management.timeout.ms", Duration.ofSeconds(20).toMillis());
  }

  private void flow() {
    set("max.batch.size", MAX_BATCH_ROWS);
    set("max.queue.size", MAX_QUEUE_ROWS);
    set("max.queue.size.in.bytes", MAX_QUEUE_BYTES);
    // Waited out in full whenever fewer rows than a batch are there: the floor of the latency.
    set("poll.interval.ms", 10);
  }

  /**
   * Where the engine keeps the table's definitions. In Kafka, because a history in memory begins
   * with the present table and so misreads older rows after a column was moved.
   */
  static Properties history(ShardSource source, KafkaSettings kafka, String historyTopic) {
    EngineProperties history = new EngineProperties();
    history.set(HISTORY.substring(0, HISTORY.length() - 1), KafkaSchemaHistory.class.getName());
    history.set(HISTORY + "name", sourceName(source));
    history.set(HISTORY + "kafka.topic", historyTopic);
    history.set(HISTORY + "kafka.bootstrap.servers", kafka.bootstrapServers());
    history.set(HISTORY + "store.only.captured.tables.ddl", true);
    history.set(HISTORY + "skip.unparseable.ddl", true);
    kafka.addTo(history.properties, HISTORY + "consumer.");
    kafka.addTo(history.properties, HISTORY + "producer.");
    return history.properties;
  }

  private void set(String name, Object value) {
    properties.setProperty(name, String.valueOf(value));
  }
}
