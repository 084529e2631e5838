package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.binlog.EngineRehearsal;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.kafka.TopicAdmin;
import io.sluice.relay.preflight.ShardCheck;
import io.sluice.relay.publish.Pace;
import io.sluice.relay.publish.Publishers;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.recovery.PositionState;
import io.sluice.relay.shard.DurationText;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Move;
import io.sluice.relay.state.RegisteredShard.Phase;
import io.sluice.relay.state.RegistryWatch;
import io.sluice.relay.state.StoredPosition;
import io.sluice.relay.state.WorkItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Changes the shards of a group. Running relays follow the registry. Each method returns its
 * outcome as a sentence for an operator.
 */
public final class ShardEditor {

  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

  private final RelayGroup group;

  /** Edits the shards of this group. */
  public ShardEditor(RelayGroup group) {
    this.group = group;
  }

  /** Starts to drain a shard. */
  public String drain(ShardId id) {
    group.replace(
        id, current -> current.phase() == Phase.DRAINED ? current : current.in(Phase.DRAINING));
    return "shard '%s': draining: what its server has committed by now is still relayed"
        .formatted(id);
  }

  /**
   * Waits until a shard is drained.
   *
   * @throws TransientException if it takes longer than the timeout, or the shard is resumed or
   *     removed meanwhile
   */
  public String awaitDrained(ShardId id, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Semaphore changes = new Semaphore(0);
    try (RegistryWatch watch =
        new RegistryWatch(
            group.config().kafka(), group.topics(), WATCH_INTERVAL, changes::release)) {
      watch.start();
      while (phase(watch, id).equals(Optional.of(Phase.DRAINING)) || watch.all().isEmpty()) {
        if (!changes.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw stillDraining(id, timeout);
        }
      }
      Optional<Phase> phase = phase(watch, id);
      if (!phase.equals(Optional.of(Phase.DRAINED))) {
        throw new TransientException(
            "shard '%s' is %s: it was changed by another command"
                .formatted(id, phase.map(Phase::name).orElse("removed")),
            null);
      }
    }
    return "shard '%s': drained: all its events are in Kafka".formatted(id);
  }

  private static Optional<Phase> phase(RegistryWatch watch, ShardId id) {
    return watch.of(id).map(RegisteredShard::phase);
  }

  private TransientException stillDraining(ShardId id, Duration timeout) {
    Owner owner = group.owners().get(group.registered(id).partition());
    String report =
        owner == null
            ? "no relay owns it"
            : "its owner %s at %s reports %s".formatted(owner.relay(), owner.host(), owner.state());
    return new TransientException(
        "shard '%s' is still draining after %s; %s. It continues: see 'sluice-relay shards list'"
            .formatted(id, DurationText.of(timeout), report),
        null);
  }

  /** Takes a shard back into service, from its stored position. */
  public String resume(ShardId id) {
    group.replace(id, current -> current.in(Phase.ACTIVE));
    return "shard '%s': relayed again, from where it was left".formatted(id);
  }

  /**
   * Removes a shard, its position and the history of its tables.
   *
   * @param isForced to remove even a shard that is in service or configured
   */
  public String remove(ShardId id, boolean isForced) {
    RegisteredShard registered = group.registered(id);
    if (!isForced) {
      requireOutOfService(registered);
    }
    Optional<StoredPosition> position = group.state().position(registered);
    group.edit(
        id,
        current -> {
          if (!isForced) {
            requireOutOfService(current);
          }
          return removal(current);
        });
    var publishing = group.config().publishing();
    // A frozen owner must not store its old position when it resumes, so it is fenced.
    new Publishers(
            group.config().kafka(), publishing.delivery(), publishing.topics().maxMessageBytes())
        .open(group.topics().transactionalId(id), new Pace())
        .close();
    position.ifPresent(
        known ->
            new TopicAdmin(group.config().kafka(), publishing.topics().replicationFactor())
                .delete(known.position().history()));
    return "shard '%s': removed".formatted(id);
  }

  private void requireOutOfService(RegisteredShard registered) {
    ShardId id = registered.id();
    if (registered.phase() != Phase.DRAINED) {
      throw new OperatorNeededException(
          "shard '%s' is %s, so it may have events that were not relayed"
              .formatted(id, registered.phase()),
          "drain it first (sluice-relay shards drain %s --wait 10m), or abandon them with --force"
              .formatted(id));
    }
    if (group.configured(id).isPresent()) {
      throw new OperatorNeededException(
          "shard '%s' is still configured, so a relay would add it again at once as a new shard"
              .formatted(id),
          "take it out of the configuration of all relays first; or, to start it anew, use"
              + " --force");
    }
  }

  private List<ProducerRecord<byte[], byte[]>> removal(RegisteredShard registered) {
    PositionSlot slot = group.state().slot(registered);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    records.add(group.registry().removal(registered.id()));
    records.add(slot.removal());
    group
        .state()
        .pendingWork(registered)
        .of(WorkItem.class)
        .forEach(open -> records.add(slot.removal(open)));
    return records;
  }

  /**
   * Makes relays read a shard from another server, as after a failover.
   *
   * @param isForced to accept even a server that lacks events or transactions
   * @throws RelayException if the server lacks them and the move is not forced
   */
  public String move(ShardId id, String host, int port, boolean isForced) {
    ShardSource configured = group.requireConfigured(id);
    String outcome = check(configured.on(configured.server().at(host, port)), isForced);
    Move move = new Move(configured.server().address(), host, port);
    group.replace(id, current -> current.at(move));
    return "shard '%s': read from %s:%d from now on, until the configuration names another address than %s. %s"
        .formatted(id, host, port, move.from(), outcome);
  }

  /** Makes relays read a shard from its configured address again. */
  public String moveBack(ShardId id, boolean isForced) {
    ShardSource configured = group.requireConfigured(id);
    String outcome = check(configured, isForced);
    group.replace(id, RegisteredShard::asConfigured);
    return "shard '%s': read from %s again, as configured. %s"
        .formatted(id, configured.server().address(), outcome);
  }

  /** Checks a new server of a shard and describes the consequences. */
  private String check(ShardSource target, boolean isForced) {
    RegisteredShard registered = group.registered(target.id());
    try {
      ShardSource named = ShardCheck.run(target, group.config().publishing().delivery());
      EngineRehearsal.atEnd(named);
      PositionState state = group.check(named, group.state().position(registered));
      return consequence(target.id(), state, isForced);
    } catch (RelayException e) {
      if (!isForced) {
        throw e;
      }
      return "Forced, although: " + e.getMessage();
    }
  }

  private static String consequence(ShardId id, PositionState state, boolean isForced) {
    if (state instanceof PositionState.Usable) {
      return "It has everything from the shard's position on: nothing is lost or repeated";
    }
    if (state instanceof PositionState.Lagging) {
      return "It is a replica that is catching up, and the shard waits for it: " + state.problem();
    }
    if (isForced) {
      return "Forced, so the position will be abandoned and the table reconciled to find missed events: "
          + state.problem();
    }
    throw new OperatorNeededException(
        state.problem(),
        "name a server that has everything that was relayed and everything after it; or use --force"
            + " to let shard '%s' continue at the current end of its binlog and reconcile its table to find missed events"
                .formatted(id));
  }

  /**
   * Approves that the owner of a shard abandons its lost position and continues at the current end
   * of the binlog.
   *
   * @param isForced to approve it even if the position is usable, for a table that cannot be read
   *     from there
   * @throws OperatorNeededException if the position is usable and the approval not forced
   */
  public String approveRecovery(ShardId id, boolean isForced) {
    RegisteredShard registered = group.registered(id);
    Optional<StoredPosition> stored = group.state().position(registered);
    PositionState state = group.check(group.source(registered), stored);
    if (state instanceof PositionState.Usable && !isForced) {
      throw new OperatorNeededException(
          "the position of shard '%s' is usable, so it needs no recovery".formatted(id),
          "see 'sluice-relay shards list' and 'sluice-relay doctor'; if the table cannot be read from"
              + " there, abandon the position with --force");
    }
    String token = PositionRecovery.token(stored.map(StoredPosition::position));
    group.replace(id, current -> current.withApproval(token));
    return "shard '%s': its owner may abandon the position, continue at the current end of the binlog and reconcile the table to find missed events%s"
        .formatted(id, state.problem().isEmpty() ? "" : ", because " + state.problem());
  }
}
