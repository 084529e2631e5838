package io.sluice.writer.testkit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLFeatureNotSupportedException;
import org.jspecify.annotations.Nullable;

/**
 * Implements a JDBC interface with an object that has only the methods that need no database. The
 * other methods throw.
 *
 * @param target has public methods with the same names and parameters
 */
record WithoutDatabase(Object target) implements InvocationHandler {

  static <T> T proxy(Class<T> type, Object target) {
    return type.cast(
        Proxy.newProxyInstance(
            WithoutDatabase.class.getClassLoader(),
            new Class<?>[] {type},
            new WithoutDatabase(target)));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("equals")) {
      return arguments != null && proxy == arguments[0];
    }
    try {
      return target
          .getClass()
          .getMethod(method.getName(), method.getParameterTypes())
          .invoke(target, arguments);
    } catch (NoSuchMethodException e) {
      throw needsDatabase(method);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  private static SQLFeatureNotSupportedException needsDatabase(Method method) {
    return new SQLFeatureNotSupportedException(
        "%s.%s needs a database, and a RecordingOutbox has none: use a fake of the code that calls it,"
                .formatted(method.getDeclaringClass().getSimpleName(), method.getName())
            + " or a real database; for an OutboxWriter use the writer() of the RecordingOutbox");
  }
}
