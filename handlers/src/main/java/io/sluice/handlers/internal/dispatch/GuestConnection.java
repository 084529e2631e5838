package io.sluice.handlers.internal.dispatch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connection that a handler receives. It rejects methods that would end the transaction, and
 * all methods after the call has ended.
 */
final class GuestConnection implements AutoCloseable {

  private static final Map<String, String> REFUSED =
      Map.of(
          "commit", "return, to have effects and status committed together",
          "close", "leave it open, the worker gives it back",
          "abort", "throw, to have the effects rolled back",
          "setAutoCommit", "leave it off, effects and status are one transaction");

  private final Connection target;
  private final Connection guest;
  private volatile boolean ended;

  GuestConnection(Connection target) {
    this.target = target;
    guest =
        (Connection)
            Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) -> invoke(self, method, arguments));
  }

  Connection connection() {
    return guest;
  }

  private @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(self, method, arguments);
    }
    boolean isWholeRollback = method.getName().equals("rollback") && arguments == null;
    if (isAutoCommitOff(method, arguments) && !ended) {
      return null;
    }
    String remedy =
        isWholeRollback ? "throw, to have the effects rolled back" : REFUSED.get(method.getName());
    if (remedy != null) {
      throw new SQLException(
          "a handler may not call %s() on the connection it was lent: %s"
              .formatted(method.getName(), remedy));
    }
    if (ended) {
      throw new SQLException(
          "this connection was lent to a handler for the time of its call, which has ended: do not"
              + " keep it");
    }
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /**
   * Allowed, because auto-commit is already off, and libraries that open transactions switch it
   * off.
   */
  private static boolean isAutoCommitOff(Method method, Object @Nullable [] arguments) {
    return method.getName().equals("setAutoCommit")
        && arguments != null
        && Boolean.FALSE.equals(arguments[0]);
  }

  private @Nullable Object ofObject(Object self, Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "equals" -> arguments != null && self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "connection lent to a handler: " + target;
    };
  }

  /** Rejects all further calls of methods. */
  @Override
  public void close() {
    ended = true;
  }
}
