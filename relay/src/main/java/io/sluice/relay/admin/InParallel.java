package io.sluice.relay.admin;

import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.TransientException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Applies a function to many inputs, a few at a time. */
final class InParallel {

  private static final int AT_A_TIME = 8;

  private InParallel() {}

  /** The result for one input. */
  sealed interface Result<T> {}

  record Success<T>(T value) implements Result<T> {}

  record Failure<T>(RelayException reason) implements Result<T> {}

  /** Returns when all inputs have a result. */
  static <S, T> Map<S, Result<T>> of(Collection<S> inputs, Function<S, T> maker) {
    ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      List<Future<T>> running = new ArrayList<>();
      inputs.forEach(input -> running.add(threads.submit(() -> maker.apply(input))));
      Map<S, Result<T>> results = new LinkedHashMap<>();
      int i = 0;
      for (S input : inputs) {
        results.put(input, result(running.get(i++)));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private static <T> Result<T> result(Future<T> future) {
    try {
      return new Success<>(future.get());
    } catch (ExecutionException e) {
      return e.getCause() instanceof RelayException known
          ? new Failure<>(known)
          : new Failure<>(new TransientException(String.valueOf(e.getCause()), e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Failure<>(new TransientException("interrupted", e));
    }
  }
}
