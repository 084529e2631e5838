package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.internal.way.Way;
import io.sluice.sandbox.server.process.GuardedServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The broker from its Maven artifacts, in a separate JVM. */
record MavenKafka(SandboxEnvironment environment, KafkaSettings settings)
    implements Way<RunningKafka> {

  @Override
  public String name() {
    return "maven";
  }

  @Override
  public Applicability check() {
    Optional<BrokerClassPath> classPath = BrokerClassPath.written();
    if (classPath.isEmpty()) {
      return new DoesNotApply(
          "the broker's class path was not written: build this module with Maven once");
    }
    List<Path> missing = classPath.get().missing();
    return missing.isEmpty()
        ? new Applies()
        : new DoesNotApply(
            missing.size()
                + " of the broker's jars are not in the local Maven repository, the first is "
                + missing.get(0)
                + ": build this module with Maven to download them");
  }

  @Override
  public RunningKafka start() {
    BrokerClassPath classPath = BrokerClassPath.written().orElseThrow();
    BrokerTemplate template = new BrokerTemplate(environment, classPath);
    BrokerPorts ports = BrokerPorts.choose();
    GuardedServer server =
        GuardedServer.start(
            "sluice-sandbox-kafka", folder -> template.program(folder, ports, settings));
    return new RunningKafka(
        ports.bootstrapServers(), classPath.version(), "Maven artifacts", server);
  }
}
