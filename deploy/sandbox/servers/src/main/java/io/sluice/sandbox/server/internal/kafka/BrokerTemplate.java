package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.api.ServerStartException;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.CachedFolder;
import io.sluice.sandbox.server.process.Command;
import io.sluice.sandbox.server.process.GuardedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.common.Uuid;

/**
 * The parts that are the same for every broker and take most of its start-up time: a formatted data
 * folder, and an archive of the classes that a broker loads while it starts (class data sharing).
 * Both are cached for each version of the broker and of Java.
 *
 * @param environment the environment that locates the cache
 * @param classPath the broker's jars
 */
record BrokerTemplate(SandboxEnvironment environment, BrokerClassPath classPath) {
  private static final Duration FORMAT = Duration.ofMinutes(2);
  private static final String CLASSES = "classes.jsa";
  private static final String BOOTSTRAP = "bootstrap.checkpoint";
  private static final String META = "meta.properties";

  /** Prepares a broker in this folder. The caller starts it. */
  BrokerProgram program(Path folder, BrokerPorts ports, KafkaSettings settings) {
    Path template = cached().filledBy(this::fill);
    BrokerProgram program =
        new BrokerProgram(
            classPath.with(settings.classPath()),
            folder,
            ports,
            "-XX:SharedArchiveFile=" + template.resolve(CLASSES),
            settings.isLongLived());
    program.writeFiles(settings);
    String data = settings.properties().getOrDefault("log.dirs", program.data().toString());
    copyData(template, Path.of(data));
    return program;
  }

  private CachedFolder cached() {
    String origin =
        System.getProperty("java.home")
            + System.getProperty("java.vm.version")
            + classPath.option();
    UUID key = UUID.nameUUIDFromBytes(origin.getBytes(StandardCharsets.UTF_8));
    return environment.cached("kafka-" + key);
  }

  /** Formats a data folder, and starts a broker once to write the archive. */
  private Path fill(Path part) {
    try (GuardedServer server =
        GuardedServer.start(
            "sluice-sandbox-kafka",
            folder -> {
              BrokerProgram program =
                  new BrokerProgram(
                      classPath,
                      folder,
                      BrokerPorts.choose(),
                      "-XX:ArchiveClassesAtExit=" + part.resolve(CLASSES),
                      false);
              program.writeFiles(KafkaSettings.DEFAULT);
              format(program);
              copy(program.data(), part);
              return program;
            })) {
      server.stop();
      return part;
    }
  }

  private static void format(BrokerProgram program) {
    Command.Outcome outcome = Command.run(program.formatCommand(), Map.of(), FORMAT);
    if (outcome.status() != 0) {
      throw new ServerStartException(
          "Kafka could not format its folder, status %d:\n%s"
              .formatted(outcome.status(), outcome.output()));
    }
  }

  private static void copy(Path data, Path part) {
    try {
      Files.copy(data.resolve(BOOTSTRAP), part.resolve(BOOTSTRAP));
      Files.copy(data.resolve(META), part.resolve(META));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy " + data + " to " + part, e);
    }
  }

  /** Copies the data folder and sets new ids, because each broker is a separate cluster. */
  private static void copyData(Path template, Path data) {
    try {
      Files.createDirectory(data);
      Files.copy(template.resolve(BOOTSTRAP), data.resolve(BOOTSTRAP));
      Properties meta = new Properties();
      try (InputStream in = Files.newInputStream(template.resolve(META))) {
        meta.load(in);
      }
      meta.setProperty("cluster.id", Uuid.randomUuid().toString());
      meta.setProperty("directory.id", Uuid.randomUuid().toString());
      try (OutputStream out = Files.newOutputStream(data.resolve(META))) {
        meta.store(out, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy " + template + " to " + data, e);
    }
  }
}
