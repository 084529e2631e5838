package io.sluice.sandbox.server.internal.kafka;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.api.ServerStartException;
import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.Way;
import io.sluice.sandbox.server.process.FreePort;
import io.sluice.sandbox.server.process.Guard;
import io.sluice.sandbox.server.process.GuardedProcess;
import io.sluice.sandbox.server.process.GuardedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The broker from its Maven artifacts, in a JVM of its own. */
record MavenKafka(KafkaSettings settings) implements Way<RunningKafka> {
  private static final Duration FORMAT = Duration.ofMinutes(1);

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
      BrokerProgram program =
          BrokerProgram.prepare(
              classPath,
              new BrokerFiles(guard.folder()),
              new BrokerPorts(FreePort.find(), FreePort.find()),
              settings);
      format(program, guard);
      GuardedServer server = new GuardedServer(program, guard);
      server.start();
      return new RunningKafka(
          program.bootstrapServers(), classPath.version(), "Maven artifacts", server);
    } catch (RuntimeException e) {
      closeAfter(e, guard);
      throw e;
    }
  }

  private static void format(BrokerProgram program, Guard guard) {
    GuardedProcess process = guard.run("kafka-format", program.formatCommand());
    if (!process.awaitEnd(FORMAT)) {
      throw new ServerStartException(
          "Kafka did not format its folder within " + FORMAT + ". " + process.logTail());
    }
    if (process.status() != 0) {
      throw new ServerStartException(
          "Kafka could not format its folder, status "
              + process.status()
              + ". "
              + process.logTail());
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
