package io.sluice.handlers;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A data source that executes the first updates and loses their answers. */
final class AnswersLost extends TestDataSource {

  private final DataSource target;
  private final AtomicInteger left;

  AnswersLost(DataSource target, int answers) {
    this.target = target;
    left = new AtomicInteger(answers);
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = target.getConnection();
    return proxy(
        Connection.class,
        connection,
        result -> result instanceof PreparedStatement statement ? losing(statement) : result);
  }

  private PreparedStatement losing(PreparedStatement statement) {
    return proxy(
        PreparedStatement.class,
        statement,
        result -> {
          if (result instanceof Integer && left.getAndDecrement() > 0) {
            throw new SQLException("the answer is lost", "08S01");
          }
          return result;
        });
  }

  /** Replaces the result of a method. */
  private interface Answer {
    Object of(Object result) throws SQLException;
  }

  private static <T> T proxy(Class<T> type, T target, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                Object result = method.invoke(target, arguments);
                return result == null ? null : answer.of(result);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
