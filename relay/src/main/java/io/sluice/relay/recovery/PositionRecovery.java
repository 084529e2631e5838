package io.sluice.relay.recovery;

import io.sluice.outbox.ShardId;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.recovery.Bootstrap.NewPosition;
import io.sluice.relay.recovery.RecoverySettings.Approval;
import io.sluice.relay.shard.DurationText;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.Position;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.StateStore;
import io.sluice.relay.state.StoredPosition;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provides the position from which a source starts: the stored one, or if that is lost and may be
 * replaced, the current end of the binlog together with a gap to be reconciled. Thread-safe, but
 * only the owner of a source may start it.
 */
public final class PositionRecovery {

  private static final Logger LOG = LoggerFactory.getLogger(PositionRecovery.class);

  /** The approval token if there is no stored position. */
  public static final String NO_POSITION = "none";

  private final RecoverySettings settings;
  private final Bootstrap bootstrap;
  private final StateStore topics;
  private final Map<ShardId, FailureDetector> detectors = new ConcurrentHashMap<>();

  public PositionRecovery(RecoverySettings settings, Bootstrap bootstrap, StateStore topics) {
    this.settings = settings;
    this.bootstrap = bootstrap;
    this.topics = topics;
  }

  /**
   * The position to start from.
   *
   * @param isNew whether it replaces a lost position
   */
  public record Start(Position position, boolean isNew) {}

  /**
   * Checks the stored position, and replaces it if it is lost.
   *
   * @param destination stores a new position and its gaps
   * @throws TransientException if the position is not good now, but may become good again
   * @throws OperatorNeededException if an operator has to approve the replacement
   */
  public Start start(
      ShardSource source,
      RegisteredShard registered,
      Optional<StoredPosition> stored,
      Destination destination) {
    if (isApproved(registered, stored)) {
      return recover(
          source, stored, "an operator has approved to replace its position", destination);
    }
    PositionState state = state(source, stored);
    if (state instanceof PositionState.Usable && stored.isPresent()) {
      if (detectors.containsKey(source.id())) {
        reconcile(source, stored.get(), destination);
        detectors.remove(source.id());
      }
      return new Start(stored.get().position(), false);
    }
    requirePatience(source, state);
    if (needsOperator(source)) {
      throw new OperatorNeededException(
          canBeReconciled(source)
              ? state.problem()
              : state.problem() + "; and its table does not show which events were published",
          "restore what is missing; or approve a new position: the shard then continues at the"
              + " current end of the binlog and reconciles its table to find missed events:"
              + " sluice-relay shards heal %s".formatted(source.id()));
    }
    return recover(source, stored, state.problem(), destination);
  }

  /**
   * Adds a gap after the server lacked transactions for a while. It may have assigned their GTIDs
   * to other transactions, which streaming would skip as published.
   */
  private static void reconcile(
      ShardSource source, StoredPosition stored, Destination destination) {
    List<ReconcileGap> gaps =
        TableAccess.maintained(source).stream()
            .map(
                table ->
                    new ReconcileGap(
                        table.shard(),
                        Optional.of(stored.readUpTo()),
                        Instant.now(),
                        "for a while its server " + ReconcileGap.LACKS_TRANSACTIONS))
            .toList();
    destination.publish(gaps, List.of());
    LOG.warn(
        "shard '{}': its position is good again after its server lacked transactions; its table is"
            + " reconciled, because their GTIDs may have been used again",
        source.id());
  }

  private boolean needsOperator(ShardSource source) {
    return settings.approval() == Approval.OPERATOR || !canBeReconciled(source);
  }

  /** Without a status column, rows that were missed cannot be found. */
  private static boolean canBeReconciled(ShardSource source) {
    return source.tables().stream().allMatch(table -> table.layout().hasDelivery());
  }

  private static boolean isApproved(RegisteredShard registered, Optional<StoredPosition> stored) {
    return registered
        .recoveryApproval()
        .equals(Optional.of(token(stored.map(StoredPosition::position))));
  }

  /** The token by which an approval identifies the position to be replaced. */
  public static String token(Optional<Position> position) {
    return position
        .map(known -> Integer.toHexString(known.offset().hashCode()) + "-" + known.file())
        .orElse(NO_POSITION);
  }

  /** Checks whether the source can continue from its stored position. */
  public PositionState state(ShardSource source, Optional<StoredPosition> stored) {
    if (stored.isEmpty()) {
      return new PositionState.Lost(
          "shard '%s' is registered, but its position is gone from Kafka".formatted(source.id()));
    }
    Position position = stored.get().position();
    if (!topics.isFilled(position.history())) {
      return new PositionState.Lost(
          "shard '%s' cannot continue from its position: topic %s with the history of its table is empty or gone"
              .formatted(source.id(), position.history()));
    }
    return PositionCheck.of(source, position);
  }

  private void requirePatience(ShardSource source, PositionState state) {
    if (state instanceof PositionState.Lagging) {
      detectors.remove(source.id());
      throw new TransientException(state.problem() + "; it is a replica that is catching up", null);
    }
    long now = System.nanoTime();
    FailureDetector detector =
        detectors.merge(
            source.id(),
            FailureDetector.firstFailure(now),
            (former, first) -> former.failedAgain(now));
    if (!detector.hasLasted(settings.patience())) {
      throw new TransientException(
          state.problem()
              + (needsOperator(source)
                      ? "; it is checked for %s before an operator is asked"
                      : "; waiting %s before it is replaced")
                  .formatted(DurationText.of(settings.patience())),
          null);
    }
  }

  private Start recover(
      ShardSource source,
      Optional<StoredPosition> stored,
      String problem,
      Destination destination) {
    NewPosition start = bootstrap.at(source, stored.map(StoredPosition::readUpTo), problem);
    destination.publisher().publish(List.of(), start.records(destination.slot()));
    destination.pendingWork().addAll(start.gaps());
    detectors.remove(source.id());
    deleteFormerHistories(source, start.position());
    LOG.warn(
        "shard '{}': {}. Recovered: continues at {}{}",
        source.id(),
        problem,
        start.position(),
        canBeReconciled(source) ? ", and its table is reconciled to find missed events" : "");
    return new Start(start.position(), true);
  }

  /** Each new position has a separate schema history, so the former ones are no longer needed. */
  private void deleteFormerHistories(ShardSource source, Position position) {
    try {
      bootstrap.forgetOthers(source.id(), position.history());
    } catch (RelayException e) {
      LOG.warn(
          "shard '{}': topics with former schema histories of its table could not be deleted: {}",
          source.id(),
          e.getMessage());
    }
  }
}
