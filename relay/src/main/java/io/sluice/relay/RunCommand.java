package io.sluice.relay;

import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.supervise.ShardState;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** The command {@code run}: the daemon. */
@Command(
    name = "run",
    description = {
      "Relays all configured shards until it is told to stop (SIGTERM or SIGINT).",
      "Shards that are new are provisioned first."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  @Mixin private ConfigOption config;

  @Override
  public Integer call() throws InterruptedException {
    RelayConfig read = config.read();
    try (Relay relay = Relay.of(read)) {
      Thread onSignal = new Thread(relay::close, "sluice-shutdown");
      Runtime.getRuntime().addShutdownHook(onSignal);
      relay.start();
      relay.awaitEnd();
      if (!relay.states().containsValue(ShardState.CLOSED)) {
        LOG.error("no shard is left to relay: {}", relay.states());
        return ExitCode.SOFTWARE;
      }
      return ExitCode.OK;
    }
  }
}
