package io.sluice.handlers;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;

/** Connections that report each call to a listener before it is executed. */
public final class Overheard {

  private Overheard() {}

  /** Receives calls. If it throws, the call is not executed. */
  public interface Listener {

    /** Receives a call of this method; {@code sql} is empty unless a statement is prepared. */
    void call(String method, String sql) throws Exception;
  }

  public static Connection connection(Connection target, Listener listener) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> {
              boolean isPrepared = method.getName().equals("prepareStatement");
              listener.call(
                  method.getName(), isPrepared ? arguments[0].toString().stripLeading() : "");
              try {
                return method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
