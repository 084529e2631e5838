package io.sluice.handlers.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Creates virtual threads if the platform has them (Java 21 and later), otherwise platform daemon
 * threads. Uses reflection, because this module is compiled for Java 17.
 */
public final class HandlerThreads {

  private HandlerThreads() {}

  /** Whether the platform has virtual threads. */
  public static boolean areVirtual() {
    return virtual("any") != null;
  }

  /** Returns a factory of handler threads, named {@code <prefix><number>}. */
  public static ThreadFactory named(String prefix) {
    ThreadFactory virtual = virtual(prefix);
    return virtual == null ? daemons(prefix) : virtual;
  }

  /**
   * Returns a factory of platform daemon threads, named likewise. Daemons, so that a handler that
   * never returns does not keep the process from ending. The threads have the context class loader
   * of the thread that calls this method, and no inheritable thread locals: any thread of a pool
   * may start another one, which must not depend on what a handler has left on the first.
   */
  public static ThreadFactory daemons(String prefix) {
    AtomicInteger number = new AtomicInteger();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return task -> {
      Thread thread = new Thread(null, task, prefix + number.incrementAndGet(), 0, false);
      thread.setContextClassLoader(loader);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** {@code Thread.ofVirtual().name(prefix, 1).factory()}. */
  private static @Nullable ThreadFactory virtual(String prefix) {
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
      MethodHandle begin =
          lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual));
      MethodHandle name =
          lookup.findVirtual(
              ofVirtual, "name", MethodType.methodType(ofVirtual, String.class, long.class));
      MethodHandle factory =
          lookup.findVirtual(ofVirtual, "factory", MethodType.methodType(ThreadFactory.class));
      return (ThreadFactory) factory.invoke(name.invoke(begin.invoke(), prefix, 1L));
    } catch (ClassNotFoundException | NoSuchMethodException e) {
      return null;
    } catch (Throwable e) {
      // Virtual threads are a preview feature of Java 19 and 20, and creating one fails.
      return null;
    }
  }
}
