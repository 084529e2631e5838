package io.sluice.relay.transaction;

import io.sluice.relay.failure.RootCause;
import io.sluice.relay.failure.TransientException;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.loop.Loop;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for hanging transactions in the topics of a group, as long as this relay is the one of its
 * group that does so, and ends those it finds twice. Has a thread of its own from {@link #start} to
 * {@link #close}.
 */
public final class TransactionWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TransactionWatch.class);

  /** Longer than any transaction of a relay lasts, be it ended by its coordinator. */
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final HangingTransactions transactions;
  private final Supplier<? extends Collection<String>> topics;
  private final BooleanSupplier isCoordinator;
  private final Loop loop = new Loop("sluice-transactions", this::runOnce);
  private final Set<HangingTransaction> reported = new HashSet<>();
  private Set<HangingTransaction> before = Set.of();
  private String problem = "";

  /**
   * Watches the topics of a group.
   *
   * @param topics the names of those there may be
   * @param isCoordinator whether this relay is the one that does
   */
  public TransactionWatch(
      KafkaSettings kafka,
      Supplier<? extends Collection<String>> topics,
      BooleanSupplier isCoordinator) {
    this.transactions = new HangingTransactions(kafka);
    this.topics = topics;
    this.isCoordinator = isCoordinator;
  }

  public void start() {
    loop.start();
  }

  private Duration runOnce() {
    try {
      Set<HangingTransaction> found =
          isCoordinator.getAsBoolean() ? transactions.find(topics.get()) : Set.of();
      found.stream().filter(before::contains).forEach(this::end);
      before = found;
      noteHealth("");
    } catch (RuntimeException e) {
      noteHealth(RootCause.of(e).toString());
    }
    return INTERVAL;
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

  @Override
  public void close() {
    loop.close();
  }
}
