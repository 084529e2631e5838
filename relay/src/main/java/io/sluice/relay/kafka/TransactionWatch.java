package io.sluice.relay.kafka;

import io.sluice.relay.kafka.HangingTransactions.Found;
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
 * Looks for hanging transactions in the topics this relay has to do with, and ends those that are
 * certain: of the group's own producers, found twice; of anybody's, found at every look for longer
 * than any transaction may last, for then its coordinator would have ended it. Has a thread of its
 * own from {@link #start} to {@link #close}.
 */
public final class TransactionWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TransactionWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final HangingTransactions transactions;
  private final Supplier<? extends Collection<String>> topics;
  private final Supplier<? extends Collection<String>> transactionalIds;
  private final Loop loop = new Loop("sluice-transactions", this::runOnce);
  private final Map<HangingTransaction, Long> firstSeen = new HashMap<>();
  private final Set<HangingTransaction> reported = new HashSet<>();
  private String problem = "";

  /**
   * Watches for one relay; that others look at the same topics does no harm.
   *
   * @param topics the names of those there may be
   * @param transactionalIds of the group's own producers
   */
  public TransactionWatch(
      KafkaSettings kafka,
      Supplier<? extends Collection<String>> topics,
      Supplier<? extends Collection<String>> transactionalIds) {
    this.transactions = new HangingTransactions(kafka);
    this.topics = topics;
    this.transactionalIds = transactionalIds;
  }

  public void start() {
    loop.start();
  }

  private Duration runOnce() {
    try {
      Found found = transactions.find(topics.get(), transactionalIds.get());
      firstSeen
          .keySet()
          .removeIf(seen -> !found.own().contains(seen) && !found.foreign().contains(seen));
      found.own().forEach(hanging -> endIfOlder(hanging, Duration.ZERO));
      found.foreign().forEach(hanging -> endIfOlder(hanging, found.longest().plus(INTERVAL)));
      noteHealth("");
    } catch (RuntimeException e) {
      noteHealth(RootCause.of(e).toString());
    }
    return INTERVAL;
  }

  private void endIfOlder(HangingTransaction hanging, Duration age) {
    Long seen = firstSeen.putIfAbsent(hanging, System.nanoTime());
    if (seen != null && System.nanoTime() - seen > age.toNanos()) {
      end(hanging);
    }
  }

  private void noteHealth(String now) {
    if (problem.isEmpty() && !now.isEmpty() && !loop.isStopping()) {
      LOG.warn("hanging transactions cannot be looked for: {}", now);
    }
    if (!problem.isEmpty() && now.isEmpty()) {
      LOG.info("hanging transactions can be looked for again");
    }
    problem = now;
  }

  private void end(HangingTransaction hanging) {
    try {
      transactions.abort(hanging);
      LOG.warn("ended {}: no coordinator knew of it, so nobody else would have", hanging);
    } catch (TransientException e) {
      if (reported.add(hanging) && !loop.isStopping()) {
        LOG.warn(
            "{} hangs, so consumers of committed records stand still there, and it could not be"
                + " ended ({}): end it with 'kafka-transactions.sh abort --topic {} --partition {}"
                + " --start-offset {}', or allow the relay ALTER on the cluster",
            hanging,
            e.getMessage(),
            hanging.partition().topic(),
            hanging.partition().partition(),
            hanging.startOffset());
      }
    }
  }

  /** Asks it to end, without waiting for it. */
  public void stop() {
    loop.stop();
  }

  @Override
  public void close() {
    loop.close();
  }
}
