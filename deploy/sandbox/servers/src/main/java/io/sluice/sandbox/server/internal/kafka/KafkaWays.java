package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.internal.way.Choice;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.internal.way.Way;
import java.util.List;

/** The ways to get Kafka, in the order of preference. */
public final class KafkaWays {
  private KafkaWays() {}

  /** The first way that applies on this machine. */
  public static Way<RunningKafka> choose(SandboxEnvironment environment, KafkaSettings settings) {
    String variable = SandboxEnvironment.KAFKA_WAY;
    return new Choice("Kafka", variable, environment.value(variable).orElse(""))
        .among(all(environment, settings));
  }

  static List<Way<RunningKafka>> all(SandboxEnvironment environment, KafkaSettings settings) {
    return List.of(
        new EnvironmentKafka(environment, settings),
        new DockerKafka(environment, settings),
        new MavenKafka(environment, settings));
  }
}
