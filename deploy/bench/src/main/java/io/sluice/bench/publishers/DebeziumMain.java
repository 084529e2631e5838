package io.sluice.bench.publishers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.Header;
import io.debezium.engine.format.Json;
import io.debezium.engine.format.KeyValueHeaderChangeEventFormat;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Debezium's engine and a producer: sends each batch, and awaits it before its offsets count. */
final class DebeziumMain {

  private final KafkaProducer<String, String> producer;

  private DebeziumMain(KafkaProducer<String, String> producer) {
    this.producer = producer;
  }

  /**
   * The settings.
   *
   * @param engine Debezium's properties
   * @param bootstrapServers the brokers
   */
  record Settings(Map<String, String> engine, String bootstrapServers) {}

  /** Starts the program. */
  static ChildProcess start(Bench bench, String name, Map<String, String> engine) {
    Map<String, String> properties = new TreeMap<>(engine);
    for (String part : List.of("key", "value", "header")) {
      properties.put(part + ".converter.schemas.enable", "false");
    }
    return bench.start(
        name,
        DebeziumMain.class,
        new Settings(properties, bench.servers().kafka().bootstrapServers()));
  }

  /** Runs until SIGTERM. */
  public static void main(String[] arguments) {
    Settings settings = Bench.settings(arguments, Settings.class);
    Properties properties = new Properties();
    properties.putAll(settings.engine());
    DebeziumMain sink =
        new DebeziumMain(
            new KafkaProducer<>(
                Map.of("bootstrap.servers", settings.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer()));
    DebeziumEngine<ChangeEvent<String, String>> engine =
        DebeziumEngine.create(
                KeyValueHeaderChangeEventFormat.of(Json.class, Json.class, Json.class),
                "io.debezium.embedded.async.ConvertingAsyncEngineBuilderFactory")
            .using(properties)
            .notifying(sink::publish)
            .build();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(engine)));
    engine.run();
  }

  private static void close(DebeziumEngine<?> engine) {
    try {
      engine.close();
    } catch (IOException e) {
      throw new IllegalStateException("the engine cannot be closed", e);
    }
  }

  private void publish(
      List<ChangeEvent<String, String>> batch,
      RecordCommitter<ChangeEvent<String, String>> committer)
      throws InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>(batch.size());
    for (ChangeEvent<String, String> event : batch) {
      sent.add(producer.send(record(event)));
    }
    try {
      for (Future<RecordMetadata> future : sent) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the brokers refuse a record", e);
    }
    for (ChangeEvent<String, String> event : batch) {
      committer.markProcessed(event);
    }
    committer.markBatchFinished();
  }

  private static ProducerRecord<String, String> record(ChangeEvent<String, String> event) {
    ProducerRecord<String, String> record =
        new ProducerRecord<>(event.destination(), event.key(), event.value());
    List<Header<String>> headers = event.headers();
    for (Header<String> header : headers) {
      record.headers().add(header.getKey(), header.getValue().getBytes(UTF_8));
    }
    return record;
  }
}
