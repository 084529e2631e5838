package io.sluice.writer.spring;

import io.sluice.outbox.ShardId;
import io.sluice.writer.TransactionRequiredException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transaction of a data source that the current thread is in, if it is in one.
 *
 * @param dataSource the one that transaction managers know
 */
record SpringTransaction(ShardId shard, DataSource dataSource) {

  private static final String APART =
      ", so the event would be committed apart from your data, or not at all: ";

  SpringTransaction {
    // As transaction managers do.
    if (dataSource instanceof TransactionAwareDataSourceProxy proxy
        && proxy.getTargetDataSource() != null) {
      dataSource = proxy.getTargetDataSource();
    }
  }

  /**
   * Before a connection is asked for: Spring would bind one that no transaction manager commits.
   *
   * @throws TransactionRequiredException if there is no transaction events can be written in
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
