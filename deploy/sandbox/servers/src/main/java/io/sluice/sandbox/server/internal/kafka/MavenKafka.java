package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.internal.way.Way;
import io.sluice.sandbox.server.process.Guard;
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
    Guard guard = Guard.open("sluice-sandbox-kafka");
    try {
      BrokerProgram program = new BrokerTemplate(environment, classPath).program(guard, settings);
      GuardedServer server = new GuardedServer(program, guard);
      server.start();
      return new RunningKafka(
          program.ports().bootstrapServers(), classPath.version(), "Maven artifacts", server);
    } catch (RuntimeException e) {
      closeAfter(e, guard);
      throw e;
    }
  }

  private static void closeAfter(RuntimeException failure, Guard guard) {
    try {
      guard.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
