package io.sluice.relay.cli;

import io.sluice.relay.Relay;
import io.sluice.relay.config.ConfigException;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.ops.OpsServer;
import io.sluice.relay.ops.OpsSettings;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** The command {@code run}: the daemon. */
@Command(
    name = "run",
    description = {
      "Shares the configured shards with the other relays of its group and relays the shards that it"
          + " owns until it receives SIGTERM or SIGINT.",
      "Provisions new shards. Applies changes of 'shards' in the configuration while it runs."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
  private static final long CHECK_UP_SECONDS = 5;

  @Mixin private ConfigOption option;

  private String problem = "";

  @Override
  public Integer call() throws InterruptedException {
    RelayConfig read = option.read();
    OpsSettings settings = read.identity().ops();
    try (Relay relay = Relay.of(read);
        @Nullable OpsServer ops = settings.isEnabled() ? OpsServer.start(settings, relay) : null) {
      if (ops != null) {
        LOG.info("health and metrics at http://{}", ops.address());
      }
      Runtime.getRuntime().addShutdownHook(new Thread(relay::close, "sluice-shutdown"));
      return run(relay, read);
    }
  }

  private int run(Relay relay, RelayConfig read) throws InterruptedException {
    relay.start();
    String reason = awaitEnd(relay, read);
    if (reason.equals(Relay.CLOSED)) {
      LOG.info("the relay has ended after a signal"); // which determines the exit code
    } else {
      LOG.error("the relay ends: {}", reason);
    }
    return ExitCode.SOFTWARE;
  }

  private String awaitEnd(Relay relay, RelayConfig read) throws InterruptedException {
    RelayConfig current = read;
    while (true) {
      try {
        return relay.end().get(CHECK_UP_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        relay.checkUp();
        current = reload(relay, current);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a relay's end is never exceptional", e);
      }
    }
  }

  /**
   * Reads the configuration again and applies a change of its shards. Changes of other settings
   * need a restart, and an invalid configuration is ignored; each is logged once.
   *
   * @return the configuration that was read; the former one if that is invalid
   */
  private RelayConfig reload(Relay relay, RelayConfig former) {
    try {
      RelayConfig now = option.read();
      problem = "";
      if (!former.withShards(now.shards()).equals(now)) {
        LOG.warn("settings other than 'shards' have changed: restart the relay to apply them");
      }
      if (!former.shards().equals(now.shards())) {
        LOG.info("applying a change of 'shards' in the configuration");
        relay.configure(now.shards());
      }
      return now;
    } catch (ConfigException e) {
      String found = String.valueOf(e.getMessage());
      if (!found.equals(problem)) {
        LOG.error("the former configuration stays in use: {}", found);
      }
      problem = found;
      return former;
    }
  }
}
