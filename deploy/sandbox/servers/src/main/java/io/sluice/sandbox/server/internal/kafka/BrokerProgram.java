package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.process.ServerProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.Uuid;

/**
 * A broker that is its own controller, with a separate data folder.
 *
 * @param classPath the broker's jars
 * @param folder the folder with its files and data
 * @param ports the ports on which the broker listens
 * @param classArchive the JVM option that writes or uses an archive of loaded classes
 * @param isOptimized whether the JVM has its optimizing compiler
 */
record BrokerProgram(
    BrokerClassPath classPath,
    Path folder,
    BrokerPorts ports,
    String classArchive,
    boolean isOptimized)
    implements ServerProgram {

  /** The optimizing compiler costs more than it gains during a test. */
  private static final String WITHOUT_OPTIMIZER = "-XX:TieredStopAtLevel=1";

  /** Writes the files that the commands need. */
  void writeFiles(KafkaSettings settings) {
    Properties properties = new Properties();
    properties.putAll(BrokerProperties.of(ports, data()));
    properties.putAll(settings.properties());
    try (OutputStream out = Files.newOutputStream(serverProperties());
        InputStream in = BrokerProgram.class.getResourceAsStream("log4j2.properties")) {
      properties.store(out, null);
      if (in == null) {
        throw new IOException(
            "log4j2.properties is missing beside " + BrokerProgram.class.getName());
      }
      Files.copy(in, logging());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public List<String> command() {
    List<String> options = new ArrayList<>(List.of("-Xms128m", "-Xmx512m", classArchive));
    if (!isOptimized) {
      options.add(WITHOUT_OPTIMIZER);
    }
    return java(options, List.of("kafka.Kafka", serverProperties().toString()));
  }

  /** The command that formats the data folder. */
  List<String> formatCommand() {
    return java(
        List.of("-Xmx128m", WITHOUT_OPTIMIZER),
        List.of(
            "kafka.tools.StorageTool",
            "format",
            "--cluster-id",
            Uuid.randomUuid().toString(),
            "--config",
            serverProperties().toString()));
  }

  @Override
  public boolean isReady() {
    return KafkaProbe.isReady(ports.bootstrapServers());
  }

  Path data() {
    return folder.resolve("data");
  }

  private Path serverProperties() {
    return folder.resolve("server.properties");
  }

  private Path logging() {
    return folder.resolve("log4j2.properties");
  }

  private List<String> java(List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-XX:+UseSerialGC");
    command.add("-Dlog4j2.configurationFile=" + logging());
    command.add("-Dsluice.sandbox.log=" + folder.resolve("broker.log"));
    command.add("-cp");
    command.add(classPath.option());
    command.addAll(arguments);
    return command;
  }
}
