package io.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.outbox.ShardId;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Drivers and pools that throw unexpectedly. */
class ShardTransactionTest {

  private final List<String> calls = new ArrayList<>();

  /** Opens a transaction on a connection whose n-th call (from 1) throws. */
  private ShardTransaction open(int failing, Exception failure) {
    Connection connection =
        (Connection)
            Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) -> {
                  calls.add(method.getName());
                  if (calls.size() == failing) {
                    throw failure;
                  }
                  return method.getName().equals("getAutoCommit");
                });
    DataSource source =
        (DataSource)
            Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (self, method, arguments) -> connection);
    return ShardTransaction.open(ShardId.GLOBAL, source);
  }

  @Test
  void aFailedStartReturnsTheConnection() {
    IllegalStateException failure = new IllegalStateException("of the driver");
    assertThrows(IllegalStateException.class, () -> open(2, failure));
    assertEquals(List.of("getAutoCommit", "setAutoCommit", "close"), calls);
  }

  @Test
  void aFailureAfterTheCommitAbortsTheConnectionSilently() {
    for (Exception failure :
        List.of(new IllegalStateException("of the pool"), new SQLException())) {
      calls.clear();
      try (ShardTransaction transaction = open(4, failure)) {
        transaction.commit();
      }
      assertEquals(
          List.of("getAutoCommit", "setAutoCommit", "commit", "setAutoCommit", "abort", "close"),
          calls);
    }
  }

  @Test
  void aFailedRollbackAbortsTheConnection() {
    for (Exception failure :
        List.of(new IllegalStateException("of the pool"), new SQLException())) {
      calls.clear();
      ShardTransaction transaction = open(3, failure);
      assertThrows(TransactionException.class, transaction::close);
      assertEquals(
          List.of("getAutoCommit", "setAutoCommit", "rollback", "abort", "setAutoCommit", "close"),
          calls);
    }
  }
}
