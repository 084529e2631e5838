package io.sluice.sandbox.proxy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The faults that a test requested and the traffic so far, shared by the thread of the test and
 * those of the connections. Thread-safe by its monitor.
 */
final class Faults {
  private static final long NEVER = Long.MAX_VALUE;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final Set<Direction> frozen = EnumSet.noneOf(Direction.class);
  private long holdBefore = NEVER;
  private long cutAfter = NEVER;
  private Cut cut = Cut.CLOSE;

  private int connections;
  private int opaque;
  private int dumps;
  private long writeRowsEvents;
  private int held;
  private int cuts;

  synchronized void freeze(Direction direction) {
    frozen.add(direction);
  }

  synchronized void thaw() {
    frozen.clear();
    notifyAll();
  }

  synchronized void holdBefore(long furtherEvents) {
    holdBefore = writeRowsEvents + furtherEvents;
    notifyAll();
  }

  synchronized void release() {
    holdBefore = NEVER;
    notifyAll();
  }

  synchronized void cutAfter(long furtherEvents, Cut how) {
    cutAfter = writeRowsEvents + furtherEvents;
    cut = how;
  }

  synchronized void connectionOpened() {
    connections++;
    notifyAll();
  }

  /**
   * Counts an ended connection. Must be called after the connection is marked as closed, because
   * this wakes threads that check whether it is open.
   */
  synchronized void connectionEnded(boolean ordered) {
    connections--;
    if (ordered) {
      cuts++;
    }
    notifyAll();
  }

  synchronized void opaqueFound() {
    opaque++;
    notifyAll();
  }

  synchronized void dumpBegun() {
    dumps++;
    notifyAll();
  }

  /** Waits while this direction is frozen and the connection is open. */
  synchronized void awaitThaw(Direction direction, BooleanSupplier open) {
    awaitWhile(() -> frozen.contains(direction) && open.getAsBoolean());
  }

  /** Waits while the next write-rows event is held and the connection is open. */
  synchronized void beforeWriteRows(BooleanSupplier open) {
    BooleanSupplier toBeHeld = () -> writeRowsEvents + 1 >= holdBefore && open.getAsBoolean();
    if (toBeHeld.getAsBoolean()) {
      held++;
      notifyAll();
      awaitWhile(toBeHeld);
      held--;
      notifyAll();
    }
  }

  /**
   * Counts a forwarded event.
   *
   * @return how to cut the connection now; empty to keep it
   */
  synchronized Optional<Cut> afterWriteRows() {
    writeRowsEvents++;
    notifyAll();
    if (writeRowsEvents < cutAfter) {
      return Optional.empty();
    }
    cutAfter = NEVER;
    return Optional.of(cut);
  }

  synchronized Traffic traffic() {
    return new Traffic(connections, opaque, dumps, writeRowsEvents, held, cuts);
  }

  /**
   * Waits until the traffic meets the condition.
   *
   * @return whether the traffic met it within the bound
   */
  synchronized boolean awaitTraffic(Predicate<Traffic> condition, Duration bound) {
    long deadline = System.nanoTime() + bound.toNanos();
    awaitWhile(() -> !condition.test(traffic()) && System.nanoTime() - deadline < 0);
    return condition.test(traffic());
  }

  /**
   * Waits while the condition holds. Every change wakes the waiting thread. The thread also polls,
   * because a deadline may have passed.
   */
  private void awaitWhile(BooleanSupplier condition) {
    try {
      while (condition.getAsBoolean()) {
        wait(LOOK_AGAIN.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting at the fault proxy");
    }
  }
}
