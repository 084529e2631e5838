package io.sluice.handlers;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Connections that report each call to a listener before it is executed. */
public final class Overheard {

  private Overheard() {}

  /** Receives calls. If it throws, the call is not executed. */
  public interface Listener {

    /**
     * Receives a call of this method; {@code sql} is empty unless a statement is prepared, or one
     * on the outbox is executed.
     */
    void call(String method, String sql) throws Exception;
  }

  public static Connection connection(Connection target, Listener listener) {
    return proxy(
        Connection.class,
        (self, method, arguments) -> {
          boolean isPrepared = method.getName().equals("prepareStatement");
          listener.call(method.getName(), isPrepared ? arguments[0].toString().stripLeading() : "");
          Object result = invoke(target, method, arguments);
          return method.getName().equals("createStatement") && result instanceof Statement made
              ? statement(made, listener)
              : result;
        });
  }

  private static Statement statement(Statement target, Listener listener) {
    return proxy(
        Statement.class,
        (self, method, arguments) -> {
          if (arguments != null && arguments[0].toString().contains(" outbox_events ")) {
            listener.call(method.getName(), arguments[0].toString().stripLeading());
          }
          return invoke(target, method, arguments);
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler calls) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
  }

  private static @Nullable Object invoke(
      Object target, Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
