package io.sluice.handlers.internal.dispatch;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.HandlerThreads;
import io.sluice.outbox.ShardDataSources;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls the handlers of one domain on threads that end when idle. Thread-safe. */
public final class HandlerCalls implements AutoCloseable {

  private static final long IDLE_SECONDS = 30;

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
   * Calls on virtual threads where the platform has them, else on so many platform threads at most,
   * which end when idle.
   *
   * @param shards for transactional handlers, if there are any
   */
  public static HandlerCalls of(
      HandlerTable handlers,
      @Nullable ShardDataSources shards,
      String threadPrefix,
      int concurrency) {
    RowTransactions transactions = shards == null ? null : new RowTransactions(shards);
    ThreadFactory factory = HandlerThreads.named(threadPrefix);
    ThreadFactory cutters = HandlerThreads.daemons(threadPrefix + "cutter-");
    if (HandlerThreads.areVirtual()) {
      return new HandlerCalls(
          handlers, transactions, task -> factory.newThread(task).start(), cutters, () -> {});
    }
    ThreadPoolExecutor pool = pool(factory, concurrency);
    return new HandlerCalls(handlers, transactions, pool, cutters, pool::shutdown);
  }

  // Its queue needs no bound: no more calls run at a time than it has threads.
  private static ThreadPoolExecutor pool(ThreadFactory factory, int size) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** The handler for an event, and its policy. */
  public Registration find(HandledEvent event) {
    return handlers.find(event.domain(), event.eventType());
  }

  /**
   * Begins a call.
   *
   * @param event as it is to be handed over, but for its deadline
   * @param redrives of the record that brought it
   * @param whenEnded given the outcome once, on any thread
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

  /** Whether the current thread calls a handler. */
  public boolean isCalling() {
    return calling.contains(Thread.currentThread());
  }

  /**
   * Ends a call, as far as that is possible, on a separate thread: cancelling a stage or cutting a
   * connection may block, and the domain's thread must not wait for that.
   */
  public void cut(Invocation invocation, Invocation.Cut reason) {
    if (invocation.isAffectedBy(reason)) {
      cutters.newThread(() -> invocation.cut(reason)).start();
    }
  }

  /** Lets the threads end once they have nothing more to do. */
  @Override
  public void close() {
    end.run();
  }
}
