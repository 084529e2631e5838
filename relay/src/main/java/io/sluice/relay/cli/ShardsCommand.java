package io.sluice.relay.cli;

import io.sluice.outbox.ShardId;
import io.sluice.relay.RelayWiring;
import io.sluice.relay.admin.ListedShard;
import io.sluice.relay.admin.Provisioned;
import io.sluice.relay.admin.RelayGroup;
import io.sluice.relay.admin.ShardEditor;
import io.sluice.relay.shard.ShardSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands {@code shards …}: list and change the shards of a running group. */
@Command(
    name = "shards",
    description = {
      "Lists and changes the shards of a group of relays while they run.",
      "Relays apply changes within seconds; no restart is needed."
    },
    mixinStandardHelpOptions = true)
final class ShardsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command, such as 'shards list'.");
  }

  /** The shard of a command. */
  static final class Subject {
    @Mixin private ConfigOption config;

    @Parameters(paramLabel = "ID", description = "The shard's id.")
    private ShardId id;

    RelayGroup group() {
      return new RelayWiring(config.read()).group();
    }
  }

  @Command(
      name = "list",
      description = "Lists all shards, registered or only configured, and their owners.",
      mixinStandardHelpOptions = true)
  void list(@Mixin ConfigOption config, @Mixin OutputOption output) {
    print(Reports.shards(ListedShard.all(new RelayWiring(config.read()).group()), output.format()));
  }

  @Command(
      name = "add",
      description = {
        "Provisions a configured shard: events written from now on are relayed.",
        "Relays whose configuration has the shard start to relay it."
      },
      mixinStandardHelpOptions = true)
  void add(@Mixin Subject subject) {
    RelayWiring wiring = new RelayWiring(subject.config.read());
    ShardSource source = wiring.group().requireConfigured(subject.id);
    wiring
        .provisioner()
        .provision(List.of(source))
        .forEach(
            (shard, outcome) -> {
              if (outcome instanceof Provisioned.Failed failed) {
                throw failed.reason();
              }
              print(RelayMain.describe(shard, outcome));
            });
  }

  @Command(
      name = "drain",
      description = {
        "Takes a shard out of service once everything that its server has committed is relayed.",
        "Stop the services that write to it first: later events are not relayed."
      },
      mixinStandardHelpOptions = true)
  void drain(
      @Mixin Subject subject,
      @Option(
              names = "--wait",
              paramLabel = "DURATION",
              description = "Wait until it is drained, at most this long, such as 10m.")
          Optional<Duration> wait)
      throws InterruptedException {
    ShardEditor editor = new ShardEditor(subject.group());
    print(editor.drain(subject.id));
    if (wait.isPresent()) {
      print(editor.awaitDrained(subject.id, wait.get()));
    }
  }

  @Command(
      name = "resume",
      description =
          "Takes a drained or draining shard back into service, from its stored position.",
      mixinStandardHelpOptions = true)
  void resume(@Mixin Subject subject) {
    print(new ShardEditor(subject.group()).resume(subject.id));
  }

  @Command(
      name = "remove",
      description = {
        "Removes a drained shard, its position and the history of its table.",
        "Take it out of the configuration of all relays first; otherwise they add it again."
      },
      mixinStandardHelpOptions = true)
  void remove(
      @Mixin Subject subject,
      @Option(
              names = "--force",
              description = "Even if it is in service; events that were not relayed are abandoned.")
          boolean force) {
    print(new ShardEditor(subject.group()).remove(subject.id, force));
  }

  @Command(
      name = "re-point",
      description = {
        "Makes relays read a shard from another server, as after a failover.",
        "Checks that server and reports the consequences. The change applies until the configuration"
            + " names another address, or until --back."
      },
      mixinStandardHelpOptions = true)
  void rePoint(
      @Mixin Subject subject,
      @Option(names = "--host", paramLabel = "HOST", description = "The host of the other server.")
          Optional<String> host,
      @Option(names = "--port", paramLabel = "PORT", description = "The port of the other server.")
          Optional<Integer> port,
      @Option(names = "--back", description = "Return to the configured address.") boolean back,
      @Option(names = "--force", description = "Even if that server lacks events or transactions.")
          boolean force) {
    if (back ? host.isPresent() || port.isPresent() : host.isEmpty() || port.isEmpty()) {
      throw new ParameterException(
          spec.subcommands().get("re-point"), "Give --host and --port, or --back alone.");
    }
    ShardEditor editor = new ShardEditor(subject.group());
    print(
        back
            ? editor.moveBack(subject.id, force)
            : editor.move(subject.id, host.get(), port.get(), force));
  }

  @Command(
      name = "heal",
      description = {
        "Approves that a shard whose position is lost continues at the current end of its binlog.",
        "Its owner then reconciles the table and publishes missed events; some may be repeated."
      },
      mixinStandardHelpOptions = true)
  void heal(
      @Mixin Subject subject,
      @Option(
              names = "--force",
              description =
                  "Even if the position is usable, for a table that cannot be read from there.")
          boolean force) {
    print(new ShardEditor(subject.group()).approveRecovery(subject.id, force));
  }

  private void print(String text) {
    spec.commandLine().getOut().println(text);
  }
}
