package io.sluice.relay.binlog;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TlsMode;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings of one engine. A comment gives the reason for each deviation from a default. */
final class EngineProperties {

  static final String HISTORY = "schema.history.internal.";

  /** Of the engine's JDBC connection, whose queries are short. Not of the binlog stream. */
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration NET_WRITE_TIMEOUT = Duration.ofMinutes(30);

  private final Properties properties = new Properties();

  private EngineProperties() {}

  static Properties of(EngineSource engineSource, String runId) {
    EngineProperties engine = new EngineProperties();
    ShardSource source = engineSource.source();
    engine.connect(source);
    engine.reconnection(engineSource.heartbeat());
    engine.capture(source);
    engine.failureHandling();
    engine.set(StartingOffset.RUN_ID, runId);
    // A leaked run keeps its metrics registered; with the same names the next run would have to
    // wait.
    engine.set("custom.metric.tags", "run=" + runId);
    engine.properties.putAll(history(source, engineSource.kafka(), engineSource.historyTopic()));
    return engine.properties;
  }

  /** The settings of the engine's connections. */
  static Properties connection(ShardSource source) {
    EngineProperties engine = new EngineProperties();
    engine.connect(source);
    return engine.properties;
  }

  /** Name of the engine, and of its source in offsets and schema history. */
  static String sourceName(ShardSource source) {
    return "sluice-" + source.id();
  }

  private void connect(ShardSource source) {
    set("name", sourceName(source));
    set("topic.prefix", sourceName(source));
    set("connector.class", OutboxConnector.class.getName());
    ShardServer server = source.server();
    set("database.hostname", server.host());
    set("database.port", server.port());
    set("database.user", server.login().username());
    set("database.password", server.login().password().value());
    set("database.server.id", server.serverId());
    set("database.ssl.mode", server.tls() == TlsMode.DISABLED ? "disabled" : "verify_identity");
    set("driver.allowPublicKeyRetrieval", server.tls() == TlsMode.DISABLED);
    // The reading of the binlog may have to wait for another search in it, or for Kafka.
    set("binlog.net.write.timeout", NET_WRITE_TIMEOUT.toSeconds());
    // Otherwise the engine takes 20 s to close a connection that hangs.
    set("driver.socketTimeout", SOCKET_TIMEOUT.toMillis());
    // The timeout above ends a query that hangs; this one would need a thread for each connection.
    set("database.query.timeout.ms", 0);
    // Otherwise the driver looks up the server's time zone by its name, and may not know it.
    set("driver.connectionTimeZone", "UTC");
    set("driver.forceConnectionTimeZoneToSession", true);
    set("offset.storage", StartingOffset.class.getName());
  }

  private void reconnection(Duration heartbeat) {
    // The engine's own reconnect loses rows in the middle of a transaction. The supervisor starts a
    // new engine instead. The interval still sets the period of the server's heartbeats.
    set("connect.keep.alive", false);
    set("connect.keep.alive.interval.ms", heartbeat.toMillis());
  }

  private void capture(ShardSource source) {
    List<ShardTable> tables = source.tables();
    // The engine ignores the case of names, unless a pattern says otherwise.
    String rule = source.isFolded() ? "" : "(?-i)";
    set("database.include.list", patterns(rule, tables.stream().map(ShardTable::database)));
    set("table.include.list", patterns(rule, tables.stream().map(ShardTable::name)));
    // A snapshot would publish rows again. Provisioning stores the first position of a shard.
    set("snapshot.mode", "no_data");
    set("snapshot.locking.mode", "none");
    set("include.schema.changes", false);
  }

  private static String patterns(String rule, Stream<String> names) {
    return names
        .distinct()
        .map(name -> rule + Pattern.quote(name))
        .collect(Collectors.joining(","));
  }

  private void failureHandling() {
    // The default turns a value that cannot be converted into NULL.
    set("event.converting.failure.handling.mode", "fail");
    set("event.deserialization.failure.handling.mode", "fail");
    set("inconsistent.schema.handling.mode", "fail");
    // Only the supervisor decides about retries.
    set("errors.max.retries", 0);
    set("task.management.timeout.ms", Duration.ofSeconds(20).toMillis());
  }

  /**
   * Settings of the schema history, which has the names of the tables' columns. It is stored in
   * Kafka, because a history in memory begins with the current table, and would misread older rows
   * after a column was moved.
   */
  static Properties history(ShardSource source, KafkaSettings kafka, String historyTopic) {
    EngineProperties history = new EngineProperties();
    history.set(HISTORY.substring(0, HISTORY.length() - 1), SchemaHistory.class.getName());
    history.set(HISTORY + "name", sourceName(source));
    history.set(HISTORY + "kafka.topic", historyTopic);
    history.set(HISTORY + "kafka.bootstrap.servers", kafka.bootstrapServers());
    kafka.addTo(history.properties, HISTORY + "consumer.");
    kafka.addTo(history.properties, HISTORY + "producer.");
    return history.properties;
  }

  private void set(String name, Object value) {
    properties.setProperty(name, String.valueOf(value));
  }
}
