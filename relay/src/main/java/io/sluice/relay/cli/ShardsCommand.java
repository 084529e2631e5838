package io.sluice.relay.cli;

import io.sluice.outbox.ShardId;
import io.sluice.relay.RelayWiring;
import io.sluice.relay.admin.DrainWait;
import io.sluice.relay.admin.Group;
import io.sluice.relay.admin.Provisioned;
import io.sluice.relay.admin.RecoveryApproval;
import io.sluice.relay.admin.ShardEditor;
import io.sluice.relay.admin.ShardListing;
import io.sluice.relay.admin.ShardMover;
import io.sluice.relay.config.RelayConfig;
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

/** The commands {@code shards …}: what the relays of a group share, and changes of it. */
@Command(
    name = "shards",
    description = {
      "Shows and changes which shards the relays of a group share, while they run.",
      "Relays follow within some seconds; no restart is needed."
    },
    mixinStandardHelpOptions = true)
final class ShardsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command, such as 'shards list'.");
  }

  /** Which shard. */
  static final class Subject {
    @Mixin private ConfigOption config;

    @Parameters(paramLabel = "ID", description = "The shard's id.")
    private ShardId id;

    Group group() {
      return new Group(config.read());
    }
  }

  @Command(
      name = "list",
      description = "Shows all shards, registered or only configured, and who relays them.",
      mixinStandardHelpOptions = true)
  void list(@Mixin ConfigOption config, @Mixin OutputOption output) {
    say(ShardsReport.of(new ShardListing(new Group(config.read())).rows(), output.format()));
  }

  @Command(
      name = "add",
      description = {
        "Provisions a shard of the configuration: events written from now on are relayed.",
        "Relays whose configuration has the shard begin with it by themselves."
      },
      mixinStandardHelpOptions = true)
  void add(@Mixin Subject subject) {
    RelayConfig read = subject.config.read();
    ShardSource source = new Group(read).requireConfigured(subject.id);
    Provisioned outcome =
        new RelayWiring(read).provisioner().provision(List.of(source)).get(source.id());
    if (outcome instanceof Provisioned.Failed failed) {
      throw failed.reason();
    }
    if (outcome instanceof Provisioned.Ready ready) {
      say("shard '%s': ready, positions in %s".formatted(source.id(), ready.slot().positions()));
    }
  }

  @Command(
      name = "drain",
      description = {
        "Takes a shard out of service once all that its server has committed by now is relayed.",
        "Its owner does that; end its services' writing first, or their later events stay behind."
      },
      mixinStandardHelpOptions = true)
  void drain(
      @Mixin Subject subject,
      @Option(
              names = "--wait",
              paramLabel = "DURATION",
              description = "Waits until it is drained, at most this long, such as 10m.")
          Optional<Duration> wait)
      throws InterruptedException {
    Group group = subject.group();
    say(new ShardEditor(group).drain(subject.id));
    if (wait.isPresent()) {
      say(new DrainWait(group).await(subject.id, wait.get()));
    }
  }

  @Command(
      name = "resume",
      description = "Takes a drained or draining shard back into service, from where it was left.",
      mixinStandardHelpOptions = true)
  void resume(@Mixin Subject subject) {
    say(new ShardEditor(subject.group()).resume(subject.id));
  }

  @Command(
      name = "remove",
      description = {
        "Forgets a drained shard, with its position and the history of its table.",
        "Take it out of the configuration of all relays first, or they would add it again."
      },
      mixinStandardHelpOptions = true)
  void remove(
      @Mixin Subject subject,
      @Option(
              names = "--force",
              description = "Even if it is in service, which gives up what was not relayed.")
          boolean force) {
    say(new ShardEditor(subject.group()).remove(subject.id, force));
  }

  @Command(
      name = "re-point",
      description = {
        "Makes relays read a shard from another server, as after a failover.",
        "Checks that server and says what will happen. It holds until the configuration names another"
            + " address than now, or until --back."
      },
      mixinStandardHelpOptions = true)
  void rePoint(
      @Mixin Subject subject,
      @Option(names = "--host", paramLabel = "HOST", description = "The other server's host.")
          Optional<String> host,
      @Option(names = "--port", paramLabel = "PORT", description = "The other server's port.")
          Optional<Integer> port,
      @Option(names = "--back", description = "Back to the address in the configuration.")
          boolean back,
      @Option(names = "--force", description = "Even if the shard cannot simply go on there.")
          boolean force) {
    if (back ? host.isPresent() || port.isPresent() : host.isEmpty() || port.isEmpty()) {
      throw new ParameterException(
          spec.subcommands().get("re-point"), "Give --host and --port, or --back alone.");
    }
    RelayConfig read = subject.config.read();
    ShardMover mover = new ShardMover(new Group(read), new RelayWiring(read).care().healer());
    say(
        back
            ? mover.moveBack(subject.id, force)
            : mover.move(subject.id, host.get(), port.get(), force));
  }

  @Command(
      name = "heal",
      description = {
        "Approves that a shard whose position is lost goes on at the present end of its binary log.",
        "Its owner then sweeps the table and publishes what was missed; some of it may be repeated."
      },
      mixinStandardHelpOptions = true)
  void heal(
      @Mixin Subject subject,
      @Option(
              names = "--force",
              description =
                  "Even if the position is good, as where the table cannot be read from there.")
          boolean force) {
    RelayConfig read = subject.config.read();
    say(
        new RecoveryApproval(new Group(read), new RelayWiring(read).care().healer())
            .approve(subject.id, force));
  }

  private void say(String text) {
    spec.commandLine().getOut().println(text);
  }
}
