package io.sluice.relay.maintenance;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.kafka.OpenTransaction;
import io.sluice.relay.maintenance.HangingTransactions.Found;
import io.sluice.relay.shard.PeriodicTask;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.TransientException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds open Kafka transactions in the topics of this relay. A transaction of the group's producers
 * hangs if its coordinator does not know it. It is aborted when it is found a second time, because
 * a transaction that is just ending looks the same for a moment. A transaction of another producer
 * is only reported, when it has been open for too long. Runs in a separate thread from {@link
 * #start} to {@link #close}.
 */
public final class TransactionWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TransactionWatch.class);

  private final HangingTransactions transactions;
  private final Supplier<? extends Collection<String>> topics;
  private final Supplier<? extends Collection<String>> transactionalIds;
  private final MaintenanceTimings timings;
  private final PeriodicTask task = new PeriodicTask("sluice-transactions", this::runOnce);
  private final Map<OpenTransaction, Long> firstSeen = new HashMap<>();
  private final Set<OpenTransaction> reported = new HashSet<>();
  private String problem = "";

  /**
   * A watch for one relay. Several relays may watch the same topics.
   *
   * @param topics names of topics that may exist
   * @param transactionalIds of the group's producers
   */
  public TransactionWatch(
      KafkaSettings kafka,
      Supplier<? extends Collection<String>> topics,
      Supplier<? extends Collection<String>> transactionalIds,
      MaintenanceTimings timings) {
    this.transactions = new HangingTransactions(kafka);
    this.topics = topics;
    this.transactionalIds = transactionalIds;
    this.timings = timings;
  }

  public void start() {
    task.start();
  }

  private Duration runOnce() {
    try {
      Found found = transactions.find(topics.get(), transactionalIds.get());
      Set<OpenTransaction> open = new HashSet<>(found.own());
      open.addAll(found.foreign());
      firstSeen.keySet().retainAll(open);
      reported.retainAll(open);
      found.own().stream().filter(own -> isOpenFor(own, Duration.ZERO)).forEach(this::abort);
      found.foreign().stream()
          .filter(foreign -> isOpenFor(foreign, timings.foreignLimit()))
          .forEach(this::report);
      logChange("");
    } catch (RuntimeException e) {
      logChange(RootCause.of(e).toString());
    }
    return timings.transactionInterval();
  }

  /** Whether a transaction was first seen by an earlier check, more than this time ago. */
  private boolean isOpenFor(OpenTransaction open, Duration time) {
    long now = System.nanoTime();
    Long seen = firstSeen.putIfAbsent(open, now);
    return seen != null && now - seen > time.toNanos();
  }

  private void abort(OpenTransaction hanging) {
    try {
      transactions.abort(hanging);
      LOG.warn("aborted {}: its coordinator does not know it", hanging);
    } catch (TransientException e) {
      if (!task.isStopping() && reported.add(hanging)) {
        LOG.warn(
            "{} hangs, which blocks consumers of committed records, and it could not be aborted"
                + " ({}): abort it with '{}', or allow the relay ALTER on the cluster",
            hanging,
            e.getMessage(),
            hanging.abortCommand());
      }
    }
  }

  private void report(OpenTransaction foreign) {
    if (reported.add(foreign)) {
      LOG.warn(
          "{} has been open for more than {} s, which blocks consumers of committed records. It is"
              + " not a relay's transaction: see 'kafka-transactions.sh find-hanging', and if it"
              + " hangs, abort it with '{}'",
          foreign,
          timings.foreignLimit().toSeconds(),
          foreign.abortCommand());
    }
  }

  private void logChange(String now) {
    if (problem.isEmpty() && !now.isEmpty() && !task.isStopping()) {
      LOG.warn("the check for hanging transactions fails: {}", now);
    }
    if (!problem.isEmpty() && now.isEmpty()) {
      LOG.info("the check for hanging transactions works again");
    }
    problem = now;
  }

  /** Stops the thread without waiting for it. */
  public void stop() {
    task.stop();
  }

  @Override
  public void close() {
    task.close();
  }
}
