package io.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.outbox.ShardId;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class AsyncPublicationTest {

  private final List<String> calls = new ArrayList<>();

  private <T> T proxy(Class<T> type, Function<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answers.apply(method.getName())));
  }

  private ShardTransaction open() {
    Connection connection =
        proxy(
            Connection.class,
            method -> {
              calls.add(method);
              return method.equals("getAutoCommit");
            });
    return ShardTransaction.open(ShardId.GLOBAL, proxy(DataSource.class, method -> connection));
  }

  private Throwable failureOf(CompletionStage<String> work, Executor executor) {
    CompletableFuture<String> outcome =
        new AsyncPublication<String>(
                new OutboxWriter(), connection -> work, result -> List.of(), executor)
            .run(this::open);
    work.toCompletableFuture().complete("done");
    return Objects.requireNonNull(
        assertThrows(ExecutionException.class, () -> outcome.get(30, TimeUnit.SECONDS)).getCause());
  }

  @Test
  void anExhaustedExecutorLeavesNoTransactionOpen() {
    OutOfMemoryError failure = new OutOfMemoryError("unable to create native thread");
    AtomicInteger steps = new AtomicInteger();
    Executor exhausted =
        step -> {
          if (steps.incrementAndGet() == 2) {
            throw failure;
          }
          step.run();
        };

    assertSame(failure, failureOf(new CompletableFuture<>(), exhausted));
    assertEquals(
        List.of("getAutoCommit", "setAutoCommit", "rollback", "setAutoCommit", "close"), calls);
  }

  /** A foreign implementation. */
  private static final class Broken extends CompletableFuture<String> {
    @Override
    public CompletableFuture<String> whenComplete(
        BiConsumer<? super String, ? super Throwable> action) {
      throw new IllegalStateException("not supported");
    }
  }

  @Test
  void aStageThatThrowsLeavesNoTransactionOpen() {
    Throwable failure = failureOf(new Broken(), Runnable::run);

    assertEquals("not supported", failure.getMessage());
    assertEquals("rollback", calls.get(2));
  }
}
