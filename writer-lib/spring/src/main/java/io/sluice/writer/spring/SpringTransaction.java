package io.sluice.writer.spring;

import io.sluice.outbox.ShardId;
import io.sluice.writer.TransactionRequiredException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The current thread's transaction of a data source, if there is one.
 *
 * @param shard the shard of the data source
 * @param dataSource the data source without a transaction-aware proxy
 */
record SpringTransaction(ShardId shard, DataSource dataSource) {

  private static final String APART =
      ", so the event would be committed separately from your data, or not at all: ";

  SpringTransaction {
    // Transaction managers unwrap the proxy too.
    if (dataSource instanceof TransactionAwareDataSourceProxy proxy
        && proxy.getTargetDataSource() != null) {
      dataSource = proxy.getTargetDataSource();
    }
  }

  /**
   * Checks that there is a writable transaction of this data source. Must be called before a
   * connection is borrowed. Otherwise Spring would bind a connection that no transaction manager
   * commits.
   *
   * @throws TransactionRequiredException if there is no such transaction
   */
  void require() {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new TransactionRequiredException(
          "no transaction is active on this thread"
              + APART
              + "append in a @Transactional method that another bean calls, or in a"
              + " TransactionTemplate, and on the thread that began the transaction");
    }
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      throw new TransactionRequiredException(
          "the transaction %s has ended already".formatted(name())
              + APART
              + "append in a listener of the phase BEFORE_COMMIT, or in a new transaction"
              + " (REQUIRES_NEW)");
    }
    if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
      throw new TransactionRequiredException(
          "the transaction %s is read-only: append in one that is begun without readOnly"
              .formatted(name()));
    }
    if (!(TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder)) {
      throw ofAnotherDataSource();
    }
  }

  TransactionRequiredException ofAnotherDataSource() {
    return new TransactionRequiredException(
        "the transaction %s does not hold a connection of the DataSource of shard '%s'"
                .formatted(name(), shard)
            + APART
            + "begin it with the transaction manager of that DataSource, such as"
            + " @Transactional(\"…\"), and give manager and outbox the same DataSource bean");
  }

  private static String name() {
    String name = TransactionSynchronizationManager.getCurrentTransactionName();
    return name == null ? "of this thread" : "'" + name + "'";
  }
}
