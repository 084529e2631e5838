package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.api.ServerStartException;
import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.internal.way.Way;
import io.sluice.sandbox.server.process.ForeignControl;

/** A running cluster that an environment variable names. */
record EnvironmentKafka(SandboxEnvironment environment, KafkaSettings settings)
    implements Way<RunningKafka> {
  @Override
  public String name() {
    return "environment";
  }

  @Override
  public Applicability check() {
    if (environment.value(SandboxEnvironment.KAFKA_BOOTSTRAP).isEmpty()) {
      return new DoesNotApply(SandboxEnvironment.KAFKA_BOOTSTRAP + " is not set");
    }
    return settings.properties().isEmpty() && settings.classPath().isEmpty()
        ? new Applies()
        : new DoesNotApply("broker properties are wanted, which a running broker cannot be given");
  }

  @Override
  public boolean isOurs() {
    return false;
  }

  @Override
  public RunningKafka start() {
    String bootstrapServers = environment.value(SandboxEnvironment.KAFKA_BOOTSTRAP).orElseThrow();
    if (!KafkaProbe.answers(bootstrapServers)) {
      throw new ServerStartException(
          "Kafka at "
              + bootstrapServers
              + ", named by "
              + SandboxEnvironment.KAFKA_BOOTSTRAP
              + ", does not answer");
    }
    return new RunningKafka(
        bootstrapServers,
        "",
        "environment",
        new ForeignControl(
            "the environment named it; set "
                + SandboxEnvironment.KAFKA_WAY
                + " to have one started"));
  }
}
