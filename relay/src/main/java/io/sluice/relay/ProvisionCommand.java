package io.sluice.relay;

import io.sluice.relay.check.ShardCheck;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.failure.RelayException;
import io.sluice.relay.provision.ShardProvisioner;
import io.sluice.relay.publish.Delivery;
import io.sluice.relay.publish.PositionSlot;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.supervise.ConfiguredSource;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code provision}: prepares topics and first positions, and ends. */
@Command(
    name = "provision",
    description = {
      "Creates missing topics and fixes the position from which new shards are relayed.",
      "Do this before services write to a new shard: what was written earlier is not relayed.",
      "Shards that are provisioned already are left as they are."
    },
    mixinStandardHelpOptions = true)
final class ProvisionCommand implements Callable<Integer> {

  @Mixin private ConfigOption config;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    RelayConfig read = config.read();
    ShardProvisioner provisioner = new RelayParts(read).provisioner();
    int exitCode = ExitCode.OK;
    for (ConfiguredSource shard : read.shards()) {
      if (!provision(shard.source(), read.publishing().delivery(), provisioner)) {
        exitCode = ExitCode.SOFTWARE;
      }
    }
    return exitCode;
  }

  private boolean provision(ShardSource shard, Delivery delivery, ShardProvisioner provisioner) {
    PrintWriter out = spec.commandLine().getOut();
    try {
      ShardCheck.run(shard, delivery);
      PositionSlot slot = provisioner.provision(shard);
      out.printf("shard '%s': ready, positions in %s%n", shard.id(), slot.positions());
      return true;
    } catch (RelayException e) {
      out.printf("shard '%s': not ready: %s%n", shard.id(), e.getMessage());
      return false;
    }
  }
}
