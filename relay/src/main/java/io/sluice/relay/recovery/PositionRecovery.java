package io.sluice.relay.recovery;

import io.sluice.outbox.ShardId;
import io.sluice.relay.publish.Publisher;
import io.sluice.relay.recovery.Bootstrap.Beginning;
import io.sluice.relay.recovery.RecoverySettings.Approval;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.PendingWork;
import io.sluice.relay.state.Position;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.StoredPosition;
import io.sluice.relay.state.TopicContent;
import io.sluice.relay.state.WorkItem.SweepGap;
import io.sluice.relay.state.WorkItemFormat;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees that a source starts from a position that is good: the stored one, or if that is lost and
 * may be given up, the present end of the binlog together with the order to sweep what lies in
 * between. Thread-safe; a source is asked for by its owner alone.
 */
public final class PositionRecovery {

  private static final Logger LOG = LoggerFactory.getLogger(PositionRecovery.class);

  /** What an operator approves when no position is left to be named. */
  public static final String NO_POSITION = "none";

  private final RecoverySettings settings;
  private final Bootstrap beginnings;
  private final TopicContent topics;
  private final Map<ShardId, FailureDetector> doubts = new ConcurrentHashMap<>();

  public PositionRecovery(RecoverySettings settings, Bootstrap beginnings, TopicContent topics) {
    this.settings = settings;
    this.beginnings = beginnings;
    this.topics = topics;
  }

  /** What a new position is published with. */
  public record Means(PositionSlot slot, Publisher publisher, PendingWork repairs) {}

  /**
   * The position to start from, and whether it is a new one.
   *
   * @param isNew whether what lay before it was given up
   */
  public record Start(Position position, boolean isNew) {}

  /**
   * Checks the stored position, and heals it if it is lost.
   *
   * @throws TransientException if it is worth waiting
   * @throws OperatorNeededException if an operator has to approve first
   */
  public Start start(
      ShardSource source,
      RegisteredShard registered,
      Optional<StoredPosition> stored,
      Means means) {
    if (isApproved(registered, stored)) {
      return heal(source, stored, "an operator has given its position up", means);
    }
    PositionState state = state(source, stored);
    if (state instanceof PositionState.Usable && stored.isPresent()) {
      if (doubts.containsKey(source.id())) {
        sweep(source, stored.get(), means);
        doubts.remove(source.id());
      }
      return new Start(stored.get().position(), false);
    }
    String problem = state.problem();
    waitFirst(source, state, problem);
    if (settings.approval() == Approval.OPERATOR || !canBeSwept(source)) {
      throw new OperatorNeededException(
          canBeSwept(source)
              ? problem
              : problem + "; and its table does not say what was published",
          "restore what is missing; or give the position up, so that the shard goes on at the"
              + " present and sweeps its table for events that were missed: sluice-relay shards"
              + " heal %s".formatted(source.id()));
    }
    return heal(source, stored, problem, means);
  }

  /**
   * A server that lacked transactions and has as many again may have used their numbers for others,
   * which streaming would pass over as published.
   */
  private void sweep(ShardSource source, StoredPosition stored, Means means) {
    List<SweepGap> gaps =
        source.tables().stream()
            .filter(table -> table.layout().hasDelivery())
            .map(
                table ->
                    new SweepGap(
                        table.shard(),
                        Optional.of(stored.readUpTo()),
                        Instant.now(),
                        "its server lacked transactions for a while"))
            .toList();
    means
        .publisher()
        .publish(
            List.of(),
            gaps.stream()
                .map(gap -> means.slot().workItem(gap.key(), WorkItemFormat.toJson(gap)))
                .toList());
    means.repairs().addAll(gaps);
    LOG.warn(
        "shard '{}': its position is good again after its server lacked transactions; its table is"
            + " swept, for their numbers may have been used again",
        source.id());
  }

  /** Where rows do not say how far they have come, what was missed cannot be found. */
  private static boolean canBeSwept(ShardSource source) {
    return source.tables().stream().allMatch(table -> table.layout().hasDelivery());
  }

  private static boolean isApproved(RegisteredShard registered, Optional<StoredPosition> stored) {
    return registered
        .recoveryApproval()
        .equals(Optional.of(token(stored.map(StoredPosition::position))));
  }

  /** How an approval names the position it gives up. */
  public static String token(Optional<Position> position) {
    return position
        .map(known -> Integer.toHexString(known.offset().hashCode()) + "-" + known.file())
        .orElse(NO_POSITION);
  }

  /** Whether the source can go on from its stored position, if it has one. */
  public PositionState state(ShardSource source, Optional<StoredPosition> stored) {
    if (stored.isEmpty()) {
      return new PositionState.Lost(
          "shard '%s' is registered, but its position is gone from Kafka".formatted(source.id()));
    }
    Position position = stored.get().position();
    if (!topics.isFilled(position.history())) {
      return new PositionState.Lost(
          "shard '%s' cannot go on from its position: topic %s with the history of its table is empty or gone"
              .formatted(source.id(), position.history()));
    }
    return PositionCheck.of(source, position);
  }

  private void waitFirst(ShardSource source, PositionState state, String problem) {
    if (state instanceof PositionState.Lagging) {
      doubts.remove(source.id());
      throw new TransientException(problem + "; it is a replica that is catching up", null);
    }
    FailureDetector doubt =
        doubts.merge(source.id(), FailureDetector.begun(), (former, present) -> former.goesOn());
    if (!doubt.hasLasted(settings.patience())) {
      throw new TransientException(
          problem + "; waiting %s before it is given up".formatted(settings.patience()), null);
    }
  }

  private Start heal(
      ShardSource source, Optional<StoredPosition> stored, String problem, Means means) {
    Beginning beginning = beginnings.at(source, stored.map(StoredPosition::readUpTo), problem);
    means.publisher().publish(List.of(), beginning.records(means.slot()));
    means.repairs().addAll(beginning.gaps());
    doubts.remove(source.id());
    forgetFormer(source, beginning.position());
    LOG.warn(
        "shard '{}': {}. Healed: goes on at {}{}",
        source.id(),
        problem,
        beginning.position(),
        canBeSwept(source) ? ", and its table is swept for events that were missed" : "");
    return new Start(beginning.position(), true);
  }

  /** Each new position has a history of its own; what the others held is of no more use. */
  private void forgetFormer(ShardSource source, Position position) {
    try {
      beginnings.forgetOthers(source.id(), position.history());
    } catch (RelayException e) {
      LOG.warn(
          "shard '{}': topics with former histories of its table are left behind: {}",
          source.id(),
          e.getMessage());
    }
  }
}
