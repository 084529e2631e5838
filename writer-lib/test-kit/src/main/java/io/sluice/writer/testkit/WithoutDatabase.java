package io.sluice.writer.testkit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLFeatureNotSupportedException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a JDBC interface of an object that has some of its methods, those that need no database.
 * The others say that they do.
 *
 * @param target with public methods of the same names and parameters
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
        "%s.%s needs a database, and a RecordingOutbox has none: give the test a fake of the code that calls it, or a real database; an OutboxWriter is replaced by the recording outbox's writer()"
            .formatted(method.getDeclaringClass().getSimpleName(), method.getName()));
  }
}
