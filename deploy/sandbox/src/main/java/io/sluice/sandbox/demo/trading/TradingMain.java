package io.sluice.sandbox.demo.trading;

import io.sluice.outbox.ShardId;
import io.sluice.sandbox.demo.setup.SandboxSettings;
import io.sluice.sandbox.demo.setup.ShardPools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The process of the trading back end: writes the given number of events and ends. */
public final class TradingMain {

  private static final int THREADS = 4;

  private TradingMain() {}

  /**
   * Runs a trading day.
   *
   * @param arguments settings file, number of events, events a second, file of the allowance
   */
  public static void main(String[] arguments) throws Exception {
    SandboxSettings settings = SandboxSettings.read(Path.of(arguments[0]));
    long events = Long.parseLong(arguments[1]);
    Pace pace = new Pace(Double.parseDouble(arguments[2]));
    Allowance allowance = new Allowance(Path.of(arguments[3]));
    List<ShardId> shards = new ArrayList<>(settings.jdbcUrls().keySet());
    if (shards.size() > 1) {
      shards.remove(ShardId.GLOBAL);
    }
    try (ShardPools pools = ShardPools.open(settings, THREADS)) {
      TradingService trading = new TradingService(pools.dataSources());
      work(new TradingDay(trading, shards, events, allowance, pace));
    }
  }

  private static void work(TradingDay day) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CompletionService<Boolean> workers = new ExecutorCompletionService<>(threads);
      for (int i = 0; i < THREADS; i++) {
        workers.submit(
            () -> {
              day.work();
              return true;
            });
      }
      // Await the workers in the order in which they end, so that the first failure ends the day.
      for (int i = 0; i < THREADS; i++) {
        workers.take().get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
