package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.internal.docker.ContainerServer;
import io.sluice.sandbox.server.internal.docker.DockerEngine;
import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.internal.way.Way;
import java.util.Locale;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The official image in Testcontainers' {@link KafkaContainer}, which sets the broker's listeners.
 */
record DockerKafka(SandboxEnvironment environment, KafkaSettings settings)
    implements Way<RunningKafka> {
  private static final String VERSION = "4.3.1";
  private static final String IMAGE = "apache/kafka:" + VERSION;

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public Applicability check() {
    return settings.classPath().isEmpty()
        ? DockerEngine.check(environment)
        : new DoesNotApply("further classes are wanted, which the image does not have");
  }

  // The ContainerServer closes the container.
  @SuppressWarnings("resource")
  @Override
  public RunningKafka start() {
    KafkaContainer container = new KafkaContainer(IMAGE);
    BrokerProperties.SHARED.forEach((name, value) -> container.withEnv(variable(name), value));
    settings.properties().forEach((name, value) -> container.withEnv(variable(name), value));
    ContainerServer server =
        ContainerServer.start(
            container, "java", () -> KafkaProbe.isReady(container.getBootstrapServers()));
    return new RunningKafka(
        container.getBootstrapServers(), VERSION, "Docker image " + IMAGE, server);
  }

  /** The name that the image's start script expects for a property. */
  static String variable(String property) {
    return "KAFKA_"
        + property
            .replace("_", "__")
            .replace("-", "___")
            .replace(".", "_")
            .toUpperCase(Locale.ROOT);
  }
}
