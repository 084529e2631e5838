package io.sluice.relay.cli;

import io.sluice.outbox.ShardId;
import io.sluice.relay.RelayWiring;
import io.sluice.relay.admin.Provisioned;
import io.sluice.relay.config.RelayConfig;
import java.io.PrintWriter;
import java.util.Map.Entry;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code provision}: creates topics and stores first positions. */
@Command(
    name = "provision",
    description = {
      "Creates missing topics and stores the positions from which new shards are relayed.",
      "Run this before services write to a new shard: events written earlier are found by a sweep and"
          + " published as replays, out of order.",
      "Does not change shards that are already provisioned."
    },
    mixinStandardHelpOptions = true)
final class ProvisionCommand implements Callable<Integer> {

  @Mixin private ConfigOption config;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    RelayConfig read = config.read();
    int exitCode = ExitCode.OK;
    for (Entry<ShardId, Provisioned> outcome :
        new RelayWiring(read).provisioner().provision(read.shards()).entrySet()) {
      if (!report(outcome.getKey(), outcome.getValue())) {
        exitCode = ExitCode.SOFTWARE;
      }
    }
    return exitCode;
  }

  private boolean report(ShardId shard, Provisioned outcome) {
    PrintWriter out = spec.commandLine().getOut();
    if (outcome instanceof Provisioned.Failed failed) {
      out.printf("shard '%s': not ready: %s%n", shard, failed.reason().getMessage());
      return false;
    }
    if (outcome instanceof Provisioned.Ready ready) {
      out.printf("shard '%s': ready, positions in %s%n", shard, ready.slot().positions());
    }
    return true;
  }
}
