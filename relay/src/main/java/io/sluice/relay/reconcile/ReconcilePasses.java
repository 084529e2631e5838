package io.sluice.relay.reconcile;

import static java.util.Comparator.naturalOrder;

import io.sluice.outbox.ShardId;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The passes over a table, and which of them is next: gaps first, then rows that are to be marked
 * PUBLISHED, then all settled rows. Used by one thread.
 */
final class ReconcilePasses {

  /** More gaps of statements that cannot be completed are joined. */
  private static final int MAX_RESTING = 20;

  private final ShardId shard;
  private final ReconcileSettings settings;
  private final Reconciler reconciler;
  private final Destination destination;
  private final ReconcileTimings timings;
  private final Map<ReconcileGap, ReconcilePass> gaps = new HashMap<>();

  /** Finds the rows of events that are on their topics and were not marked PUBLISHED. */
  private Optional<ReconcilePass> unmarked = Optional.empty();

  /** The omissions of completions after which unmarked rows were last looked for. */
  private int omissions;

  private ReconcilePass everything;

  ReconcilePasses(
      ShardId shard,
      ReconcileSettings settings,
      Reconciler reconciler,
      Destination destination,
      ReconcileTimings timings) {
    this.shard = shard;
    this.settings = settings;
    this.reconciler = reconciler;
    this.destination = destination;
    this.timings = timings;
    this.everything = ReconcilePass.ofAllSettled(timings);
  }

  /** A resting pass, whose rows are locked by other transactions, does not delay the others. */
  Optional<ReconcilePass> due() {
    joinStatements();
    List<ReconcileGap> due = ended();
    gaps.keySet().retainAll(due);
    for (ReconcileGap gap : due) {
      ReconcilePass pass = gaps.computeIfAbsent(gap, fresh -> ReconcilePass.of(fresh, timings));
      if (pass.isDue()) {
        return Optional.of(pass);
      }
    }
    beginUnmarked();
    if (unmarked.filter(ReconcilePass::isDue).isPresent()) {
      return unmarked;
    }
    if (everything.isOver(settings.everything())) {
      everything = ReconcilePass.ofAllSettled(timings);
    }
    return Optional.of(everything).filter(pass -> settings.isEnabled() && pass.isDue());
  }

  private void beginUnmarked() {
    int now = destination.completions().omissions();
    if (unmarked.isEmpty() && now != omissions && destination.completions().isReady()) {
      omissions = now;
      unmarked =
          Optional.of(ReconcilePass.ofAllSettled(timings))
              .filter(pass -> reconciler.completesAny());
    }
  }

  /** The gaps of the table that have ended. A gap may still be open when it is stored. */
  private List<ReconcileGap> ended() {
    Instant now = Instant.now();
    return destination.pendingWork().of(ReconcileGap.class).stream()
        .filter(gap -> gap.shard().equals(shard))
        .filter(gap -> !gap.until().isAfter(now))
        .toList();
  }

  /**
   * Replaces gaps of statements by one. A session may cause more of them than there would be time
   * for a pass for each. A pass that has begun keeps its gap, because its rows would be compared
   * again; unless many rest, because a row in each of them is locked or refused.
   */
  private void joinStatements() {
    List<ReconcileGap> due = ended().stream().filter(ReconcileGap::isOfStatements).toList();
    join(due.stream().filter(gap -> !gaps.containsKey(gap)).toList(), 1);
    join(
        due.stream().filter(gap -> gaps.containsKey(gap) && gaps.get(gap).isResting()).toList(),
        MAX_RESTING);
  }

  private void join(List<ReconcileGap> some, int most) {
    if (some.size() > most) {
      Optional<Instant> from =
          some.stream().flatMap(gap -> gap.from().stream()).min(naturalOrder());
      destination.publish(
          List.of(new ReconcileGap(shard, from, Instant.now(), ReconcileGap.OF_STATEMENTS)), some);
    }
  }

  ReconcileWindow window(ReconcilePass pass) {
    Duration age = isUnmarked(pass) ? Duration.ZERO : settings.settled();
    return pass.gap().map(ReconcileWindow::of).orElseGet(() -> ReconcileWindow.settled(age));
  }

  /** Whether this pass is only about rows that the relay marks PUBLISHED. */
  boolean isUnmarked(ReconcilePass pass) {
    return unmarked.filter(present -> present == pass).isPresent();
  }

  /**
   * Completes a pass if all its rows are decided. The pass over all settled rows goes on after a
   * rest.
   *
   * @return whether it was a gap, which is completed
   */
  boolean complete(ReconcilePass pass) {
    if (!pass.isAllDecided() || pass == everything) {
      pass.rest();
      return false;
    }
    if (isUnmarked(pass)) {
      unmarked = Optional.empty();
      return false;
    }
    ReconcileGap gap = pass.gap().orElseThrow();
    destination.publish(List.of(), List.of(gap));
    gaps.remove(gap);
    return true;
  }
}
