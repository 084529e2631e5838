package io.sluice.handlers;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;

/** A connection of which a test hears each call before it is made. */
final class Overheard {

  private Overheard() {}

  /** Hears a call; what it throws is thrown instead of the call. */
  interface Listener {

    /** Of this method; with the statement, where one is prepared, else with an empty one. */
    void call(String method, String sql) throws Exception;
  }

  static Connection connection(Connection target, Listener listener) {
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
