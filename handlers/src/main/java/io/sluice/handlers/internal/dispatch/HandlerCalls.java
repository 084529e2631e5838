package io.sluice.handlers.internal.dispatch;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.HandlerThreads;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.ShardDataSources;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls the handlers of one domain on threads that end when idle. Thread-safe. */
public final class HandlerCalls implements AutoCloseable {

  private final HandlerTable handlers;
  private final @Nullable RowTransactions transactions;
  private final Executor threads;
  private final ThreadFactory cutters;
  private final Runnable end;
  private final Set<Thread> calling = ConcurrentHashMap.newKeySet();

  private HandlerCalls(
      HandlerTable handlers,
      @Nullable RowTransactions transactions,
      Executor threads,
      ThreadFactory cutters,
      Runnable end) {
    this.handlers = handlers;
    this.transactions = transactions;
    this.threads = threads;
    this.cutters = cutters;
    this.end = end;
  }

  /**
   * Creates calls on virtual threads if the platform has them, otherwise on a pool of platform
   * threads.
   *
   * @param shards the data sources for transactional handlers, if there are any
   * @param rows learns which connections the calls hold
   * @param concurrency the maximum number of platform threads
   */
  public static HandlerCalls of(
      HandlerTable handlers,
      @Nullable ShardDataSources shards,
      Rows rows,
      String threadPrefix,
      int concurrency) {
    RowTransactions transactions = shards == null ? null : new RowTransactions(shards, rows);
    ThreadFactory factory = HandlerThreads.named(threadPrefix);
    ThreadFactory cutters = HandlerThreads.daemons(threadPrefix + "cutter-");
    if (HandlerThreads.areVirtual()) {
      return new HandlerCalls(
          handlers, transactions, task -> factory.newThread(task).start(), cutters, () -> {});
    }
    CallThreads pool = new CallThreads(concurrency, factory);
    return new HandlerCalls(handlers, transactions, pool, cutters, pool::close);
  }

  /** Returns the handler for an event, and its policy. */
  public Registration find(HandledEvent event) {
    return handlers.find(event.domain(), event.eventType());
  }

  /**
   * Starts a call.
   *
   * @param event the event to pass to the handler, except for its deadline
   * @param redrives the number of redrives of the event's record
   * @param whenEnded receives the outcome once, on any thread
   */
  public Invocation begin(
      HandledEvent event, int redrives, Registration registration, Consumer<Outcome> whenEnded) {
    Instant deadline = Instant.now().plus(registration.policy().timeout());
    Invocation invocation =
        new Invocation(
            event.toBuilder().deadline(deadline).build(),
            redrives,
            registration,
            transactions,
            whenEnded);
    threads.execute(() -> run(invocation));
    return invocation;
  }

  private void run(Invocation invocation) {
    Thread thread = Thread.currentThread();
    calling.add(thread);
    try {
      invocation.run();
    } finally {
      calling.remove(thread);
    }
  }

  /** Whether the current thread is calling a handler. */
  public boolean isCalling() {
    return calling.contains(Thread.currentThread());
  }

  /**
   * Tries to end a call. Runs on a separate thread, because cancelling a stage or aborting a
   * connection can block, which must not stop the domain's thread.
   */
  public void cut(Invocation invocation, Invocation.Cut reason) {
    if (invocation.isAffectedBy(reason)) {
      cutters.newThread(() -> invocation.cut(reason)).start();
    }
  }

  /** Lets the threads end after their current calls. */
  @Override
  public void close() {
    end.run();
  }
}
