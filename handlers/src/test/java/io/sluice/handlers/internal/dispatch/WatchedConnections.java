package io.sluice.handlers.internal.dispatch;

import io.sluice.handlers.TestDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A pool of one connection, which records how the connection is returned. */
final class WatchedConnections extends TestDataSource implements AutoCloseable {

  private final Connection target;
  private final List<String> calls = new ArrayList<>();
  private boolean losesAnswers;
  private boolean forgoesRollbacks;

  WatchedConnections(DataSource source) throws SQLException {
    target = source.getConnection();
  }

  /** From now on, commits are executed but their answers are lost. */
  void loseAnswers() {
    losesAnswers = true;
  }

  /**
   * Behaves like a driver that assumes there is nothing to roll back and does not ask the server.
   */
  void forgoRollbacks() {
    forgoesRollbacks = true;
  }

  Connection target() {
    return target;
  }

  /** Whether the connection was aborted before it was returned. */
  boolean wasAborted() {
    return calls.equals(List.of("abort", "close"));
  }

  boolean wasGivenBack() {
    return calls.equals(List.of("close"));
  }

  @Override
  public Connection getConnection() {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> {
              String name = method.getName();
              if (name.equals("close") || name.equals("abort")) {
                calls.add(name);
                return null;
              }
              if (forgoesRollbacks && name.equals("rollback")) {
                return null;
              }
              try {
                return answer(name, method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private @Nullable Object answer(String name, @Nullable Object result) throws SQLException {
    if (losesAnswers && name.equals("commit")) {
      throw new SQLException("the answer is lost", "08S01");
    }
    return result;
  }

  @Override
  public void close() throws SQLException {
    target.close();
  }
}
