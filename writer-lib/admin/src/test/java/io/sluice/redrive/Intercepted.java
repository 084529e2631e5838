package io.sluice.redrive;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Real connections that call a listener before each statement. */
final class Intercepted {

  private Intercepted() {}

  /** Called before each statement, and with {@code COMMIT} before each commit. */
  interface Listener {
    void before(String sql, Connection connection) throws SQLException;
  }

  static DataSource source(DataSource real, Listener listener) {
    return proxy(
        DataSource.class,
        (ignored, method, values) ->
            connection((Connection) Objects.requireNonNull(call(real, method, values)), listener));
  }

  private static Connection connection(Connection real, Listener listener) {
    return proxy(
        Connection.class,
        (ignored, method, values) -> {
          if (method.getName().equals("commit")) {
            listener.before("COMMIT", real);
          }
          Object result = call(real, method, values);
          if (result instanceof PreparedStatement prepared) {
            return statement(PreparedStatement.class, prepared, (String) values[0], real, listener);
          }
          return result instanceof Statement plain
              ? statement(Statement.class, plain, "", real, listener)
              : result;
        });
  }

  private static <T extends Statement> T statement(
      Class<T> type, T real, String prepared, Connection connection, Listener listener) {
    return proxy(
        type,
        (ignored, method, values) -> {
          if (method.getName().startsWith("execute")) {
            listener.before(values == null ? prepared : (String) values[0], connection);
          }
          return call(real, method, values);
        });
  }

  private static @Nullable Object call(Object real, Method method, Object @Nullable [] values)
      throws Throwable {
    try {
      return method.invoke(real, values);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
