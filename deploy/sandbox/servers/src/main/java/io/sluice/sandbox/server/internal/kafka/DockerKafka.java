package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.internal.docker.DockerEngine;
import io.sluice.sandbox.server.internal.docker.GuardedContainer;
import io.sluice.sandbox.server.internal.docker.PublishedPort;
import io.sluice.sandbox.server.internal.docker.ServerImage;
import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.internal.way.Way;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The official image. It listens twice: clients come through the published port, the broker talks
 * to itself inside the container, where that port is not its own.
 */
record DockerKafka(SandboxEnvironment environment, KafkaSettings settings)
    implements Way<RunningKafka> {
  private static final String VERSION = "4.3.1";
  private static final ServerImage IMAGE = new ServerImage("apache/kafka:" + VERSION, 9092);
  private static final String INSIDE = "BROKER://localhost:9094";

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public Applicability check() {
    return DockerEngine.check(environment);
  }

  @Override
  public RunningKafka start() {
    PublishedPort published = PublishedPort.choose(environment);
    String bootstrapServers = published.host() + ":" + published.port();
    GuardedContainer container =
        GuardedContainer.start(
            IMAGE,
            published,
            kafka -> kafka.withEnv(variables(bootstrapServers)),
            () -> KafkaProbe.isReady(published.host(), published.port()));
    return new RunningKafka(bootstrapServers, VERSION, "Docker image " + IMAGE.name(), container);
  }

  private Map<String, String> variables(String bootstrapServers) {
    Map<String, String> properties = new HashMap<>(BrokerDefaults.PROPERTIES);
    properties.put(
        "listeners", "PLAINTEXT://:" + IMAGE.port() + "," + INSIDE + ",CONTROLLER://:9093");
    properties.put("advertised.listeners", "PLAINTEXT://" + bootstrapServers + "," + INSIDE);
    properties.put("inter.broker.listener.name", "BROKER");
    properties.put(
        "listener.security.protocol.map",
        "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
    properties.put("controller.quorum.voters", "1@localhost:9093");
    properties.put("log.dirs", "/tmp/kraft-combined-logs");
    properties.putAll(settings.properties());
    return properties.entrySet().stream()
        .collect(Collectors.toMap(entry -> variable(entry.getKey()), Map.Entry::getValue));
  }

  /** How the image's start script wants a property's name written. */
  static String variable(String property) {
    return "KAFKA_"
        + property
            .replace("_", "__")
            .replace("-", "___")
            .replace(".", "_")
            .toUpperCase(Locale.ROOT);
  }
}
