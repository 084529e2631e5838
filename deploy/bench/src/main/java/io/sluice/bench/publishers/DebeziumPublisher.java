package io.sluice.bench.publishers;

import io.sluice.bench.events.EventTopics;
import io.sluice.bench.events.Outbox;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Debezium with outbox event router and JSON converter, at least once. Queue, batches and producer
 * have their defaults.
 */
final class DebeziumPublisher implements Publisher {

  /** Stands for a round in the name of the first run, which only stores where to begin. */
  private static final int SEED = -1;

  private final Runner runner;
  private final Bench bench;
  private final Outbox outbox;
  private final int serverId;
  private final String prefix;

  /** A way to run the engine. */
  interface Runner {

    /**
     * Starts a process.
     *
     * @param name its name
     * @param engine the properties of the engine
     */
    ChildProcess start(Bench bench, String name, Map<String, String> engine) throws IOException;
  }

  DebeziumPublisher(Bench bench, Outbox outbox, Runner runner) {
    this.runner = runner;
    this.bench = bench;
    this.outbox = outbox;
    this.serverId = bench.nextServerId();
    this.prefix = bench.uniqueName("debezium-" + serverId);
  }

  @Override
  public EventTopics topics(int round) {
    return EventTopics.of(bench.servers().kafka().bootstrapServers(), topicPrefix(round));
  }

  private String topicPrefix(int round) {
    return round == SEED ? prefix + "-seed" : prefix + "-" + round;
  }

  /** Publishes some events, and copies for each round the offset that was stored after them. */
  @Override
  public void prepare(int rounds) throws Exception {
    Files.createDirectory(state(SEED));
    EventTopics topics = topics(SEED);
    topics.create();
    try (ChildProcess process = start(SEED);
        KafkaConsumer<byte[], byte[]> consumer = topics.open(Map.of())) {
      Probe.await(outbox, consumer, process);
    }
    outbox.clear();
    for (int round = 0; round < rounds; round++) {
      Files.createDirectory(state(round));
      for (String file : new String[] {"offsets", "history"}) {
        Files.copy(state(SEED).resolve(file), state(round).resolve(file));
      }
    }
  }

  @Override
  public ChildProcess start(int round) throws IOException {
    return runner.start(bench, topicPrefix(round), engine(round));
  }

  private Path state(int round) {
    return bench.folder().resolve(topicPrefix(round));
  }

  private Map<String, String> engine(int round) {
    Map<String, String> engine = new TreeMap<>();
    engine.put("name", prefix);
    engine.put("topic.prefix", prefix);
    engine.put("connector.class", "io.debezium.connector.mysql.MySqlConnector");
    engine.put("database.hostname", outbox.address().host());
    engine.put("database.port", Integer.toString(outbox.address().port()));
    engine.put("database.user", outbox.address().admin().user());
    engine.put("database.password", outbox.address().admin().password());
    engine.put("database.server.id", Integer.toString(serverId));
    engine.put("database.ssl.mode", "disabled");
    engine.put("driver.allowPublicKeyRetrieval", "true");
    engine.put("database.include.list", outbox.database());
    engine.put("table.include.list", outbox.database() + ".outbox_events");
    engine.put("snapshot.mode", "no_data");
    engine.put("tombstones.on.delete", "false");
    engine.put("include.schema.changes", "false");
    engine.put("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
    engine.put("offset.storage.file.filename", state(round).resolve("offsets").toString());
    engine.put("schema.history.internal", "io.debezium.storage.file.history.FileSchemaHistory");
    engine.put("schema.history.internal.file.filename", state(round).resolve("history").toString());
    engine.putAll(router(round));
    return engine;
  }

  private Map<String, String> router(int round) {
    return Map.of(
        "transforms", "outbox",
        "transforms.outbox.type", "io.debezium.transforms.outbox.EventRouter",
        "transforms.outbox.table.field.event.key", "aggregate_id",
        "transforms.outbox.table.field.event.payload", "event_data",
        "transforms.outbox.route.by.field", "domain",
        "transforms.outbox.route.topic.replacement", topicPrefix(round) + ".${routedByValue}",
        "transforms.outbox.table.fields.additional.placement",
            "event_type:header:eventType,aggregate_type:header:aggregateType");
  }
}
