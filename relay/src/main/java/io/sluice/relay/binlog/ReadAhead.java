package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.GtidSet;
import com.github.shyiko.mysql.binlog.event.MySqlGtid;
import io.sluice.relay.capture.Captured;
import io.sluice.relay.capture.CapturedBatch;
import io.sluice.relay.state.Position;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the thread that reads the binlog has captured and the publishing thread has not taken yet.
 * It takes the place of the engine's queue, which holds single rows with an offset each, and waits
 * for more of them before it hands any on. Here a batch is taken as soon as there is one, and grows
 * as long as the publishing thread is busy. Thread-safe.
 *
 * <p>The set of executed GTIDs is formatted once for each batch, since it may have thousands of
 * intervals.
 */
final class ReadAhead {

  /** Approximate memory of a GTID that waits. */
  private static final int GTID_BYTES = 100;

  private final long maxBytes;
  private final LongSupplier batchBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition isFilled = lock.newCondition();
  private final Condition isDrained = lock.newCondition();
  private final ArrayDeque<Batch> waiting = new ArrayDeque<>();

  /** The GTIDs before the first waiting batch, if the server assigns them. */
  private @Nullable GtidSet executed;

  private Map<String, ?> offset = Map.of();
  private long bytes;
  private boolean isOpen;
  private boolean isBeating;
  private boolean isIdle;
  private @Nullable RuntimeException failure;
  private boolean isClosed;

  /** A batch that may still grow. */
  private static final class Batch {
    private final List<Captured> captured = new ArrayList<>();
    private final List<MySqlGtid> completed = new ArrayList<>();
    private Map<String, ?> offset = Map.of();
    private long bytes;
    private boolean isOpen;
  }

  /**
   * An empty buffer.
   *
   * @param maxBytes above this the reading thread waits
   * @param batchBytes the size at which a batch is full; asked for each addition
   */
  ReadAhead(long maxBytes, LongSupplier batchBytes) {
    this.maxBytes = maxBytes;
    this.batchBytes = batchBytes;
  }

  /** Sets the GTIDs that are executed before the first event. */
  void begin(String gtidSet) {
    lock.lock();
    try {
      executed = new GtidSet(gtidSet);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds what was captured, and waits while there is too much.
   *
   * @param completed the GTID that is complete with it, if any
   * @param after the offset after it, without GTIDs
   */
  void add(List<Captured> captured, long size, @Nullable MySqlGtid completed, Map<String, ?> after)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      isIdle = false;
      append(captured, size, completed, after);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands an offset on, even if nothing was captured.
   *
   * @param idle whether the server has nothing else to send
   */
  void beat(Map<String, ?> at, boolean idle) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      append(List.of(), 0, null, at);
      isIdle = idle;
      isBeating = true;
      isFilled.signal();
    } finally {
      lock.unlock();
    }
  }

  private void append(
      List<Captured> captured, long size, @Nullable MySqlGtid completed, Map<String, ?> after)
      throws InterruptedException {
    while (bytes >= maxBytes && !isClosed) {
      isDrained.await();
    }
    if (isClosed || failure != null) {
      return; // it would not be taken any more
    }
    isOpen = completed == null && (isOpen || !captured.isEmpty());
    if (captured.isEmpty() && waiting.isEmpty()) {
      complete(completed);
      offset = after;
      return;
    }
    Batch batch = open(size);
    batch.captured.addAll(captured);
    batch.offset = after;
    batch.isOpen = isOpen;
    if (completed != null) {
      batch.completed.add(completed);
    }
    long added = size + GTID_BYTES;
    batch.bytes += added;
    bytes += added;
    isFilled.signal();
  }

  private Batch open(long size) {
    @Nullable Batch last = waiting.peekLast();
    if (last != null && last.bytes + size <= batchBytes.getAsLong()) {
      return last;
    }
    Batch fresh = new Batch();
    waiting.add(fresh);
    return fresh;
  }

  private void complete(@Nullable MySqlGtid gtid) {
    if (executed != null && gtid != null) {
      executed.addGtid(gtid);
    }
  }

  /**
   * Takes the next batch, and waits for it.
   *
   * @return empty if there was none in this time
   * @throws RuntimeException the first failure of the reading thread, after the last batch
   */
  Optional<CapturedBatch> take(Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = patience.toNanos();
      while (failure == null && waiting.isEmpty() && !isBeating) {
        if (left <= 0 || isClosed) {
          return Optional.empty();
        }
        left = isFilled.awaitNanos(left);
      }
      if (failure != null && waiting.isEmpty()) {
        throw failure;
      }
      isBeating = false;
      return Optional.of(next());
    } finally {
      lock.unlock();
    }
  }

  private CapturedBatch next() {
    @Nullable Batch first = waiting.poll();
    if (first == null) {
      return new CapturedBatch(List.of(), withGtids(offset), isOpen, isIdle);
    }
    first.completed.forEach(this::complete);
    offset = first.offset;
    bytes -= first.bytes;
    isDrained.signal();
    return new CapturedBatch(first.captured, withGtids(first.offset), first.isOpen, false);
  }

  private Map<String, ?> withGtids(Map<String, ?> plain) {
    return executed == null ? plain : withGtids(plain, executed);
  }

  private static Map<String, ?> withGtids(Map<String, ?> plain, GtidSet gtids) {
    // Not by the set's own text: it may begin with a tag, which then applies to what follows.
    String text =
        gtids.getUUIDSets().stream().map(Object::toString).collect(Collectors.joining(","));
    return text.isEmpty() ? plain : Position.withGtidSet(plain, text);
  }

  /** The offset after everything that was added. */
  Map<String, ?> end(Map<String, ?> plain) {
    lock.lock();
    try {
      if (executed == null) {
        return plain;
      }
      GtidSet all = new GtidSet(executed.toString());
      waiting.forEach(batch -> batch.completed.forEach(all::addGtid));
      return withGtids(plain, all);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the reading thread's part with a failure, which is thrown to the other. */
  void fail(RuntimeException cause) {
    lock.lock();
    try {
      failure = failure == null ? cause : failure;
      isFilled.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Releases both threads. */
  void close() {
    lock.lock();
    try {
      isClosed = true;
      isDrained.signalAll();
      isFilled.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
