package io.sluice.bench.publishers;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Debezium Server with its Kafka sink.
 *
 * @param folder the unpacked distribution
 */
record DebeziumServer(Path folder) {

  private static final String SERIALIZER = "org.apache.kafka.common.serialization.StringSerializer";

  /** The script works in its own folder. */
  private static final List<String> COMMAND =
      List.of("sh", "-c", "cd \"$0\" && exec bash ./run.sh");

  /** Starts the server. */
  ChildProcess start(Bench bench, String name, Map<String, String> engine) throws IOException {
    Path file = bench.folder().resolve(name + ".properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties(bench, engine).store(writer, null);
    }
    return bench.start(
        name,
        Map.of("DEBEZIUM_OPTS", Bench.HEAP, "SMALLRYE_CONFIG_LOCATIONS", file.toString()),
        List.of(COMMAND.get(0), COMMAND.get(1), COMMAND.get(2), folder.toString()));
  }

  private static Properties properties(Bench bench, Map<String, String> engine) {
    Properties properties = new Properties();
    engine.forEach(
        (key, value) ->
            properties.setProperty(
                (key.startsWith("transforms") ? "debezium." : "debezium.source.") + key,
                // Otherwise the server would replace the router's placeholder.
                value.replace("${", "\\${")));
    properties.setProperty("debezium.sink.type", "kafka");
    properties.setProperty(
        "debezium.sink.kafka.producer.bootstrap.servers",
        bench.servers().kafka().bootstrapServers());
    properties.setProperty("debezium.sink.kafka.producer.key.serializer", SERIALIZER);
    properties.setProperty("debezium.sink.kafka.producer.value.serializer", SERIALIZER);
    for (String part : List.of("key", "value", "header")) {
      properties.setProperty("debezium.format." + part, "json");
      properties.setProperty("debezium.format." + part + ".schemas.enable", "false");
    }
    properties.setProperty("quarkus.http.port", "0");
    return properties;
  }
}
