package io.sluice.relay.cli;

import io.sluice.relay.config.RelayConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code check}: validates the configuration without connecting. */
@Command(
    name = "check",
    description = "Validates the configuration and reports all its problems. Connects to nothing.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

  @Mixin private ConfigOption config;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    RelayConfig read = config.read();
    spec.commandLine()
        .getOut()
        .printf(
            "configuration is correct: %d shard(s), %d domain(s)%n",
            read.shards().size(), read.publishing().domains().names().size());
    return ExitCode.OK;
  }
}
