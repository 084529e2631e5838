package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.process.ServerProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** A broker that is its own controller, with its data in a folder of its own. */
record BrokerProgram(BrokerClassPath classPath, BrokerFiles files, BrokerPorts ports)
    implements ServerProgram {

  /** Writes the broker's files and returns the program that uses them. */
  static BrokerProgram prepare(
      BrokerClassPath classPath, BrokerFiles files, BrokerPorts ports, KafkaSettings settings) {
    files.write(ports, settings);
    return new BrokerProgram(classPath, files, ports);
  }

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public List<String> command() {
    return java(
        List.of("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC"),
        List.of("kafka.Kafka", files.serverProperties().toString()));
  }

  /** The command that makes the data folder. */
  List<String> formatCommand() {
    return java(
        List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        List.of(
            "kafka.tools.StorageTool",
            "format",
            "--cluster-id",
            Uuid.randomUuid().toString(),
            "--config",
            files.serverProperties().toString()));
  }

  String bootstrapServers() {
    return ports.bootstrapServers();
  }

  @Override
  public void beforeStart() {
    // The broker recovers a killed one's folder by itself.
  }

  @Override
  public boolean isReady() {
    return KafkaProbe.isReady(ports.bootstrapServers());
  }

  @Override
  public Duration readyWithin() {
    return Duration.ofSeconds(90);
  }

  private List<String> java(List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Dlog4j2.configurationFile=" + files.logging());
    command.add("-Dsluice.sandbox.log=" + files.log());
    command.add("-cp");
    command.add(classPath.option());
    command.addAll(arguments);
    return command;
  }
}
