package io.sluice.repository;

import java.lang.reflect.Proxy;
import javax.sql.DataSource;

/** A closed pool, which throws an unchecked exception. */
public final class ClosedPool {

  private ClosedPool() {}

  public static DataSource dataSource() {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (self, method, arguments) -> {
              throw new IllegalStateException("the pool is closed");
            });
  }
}
