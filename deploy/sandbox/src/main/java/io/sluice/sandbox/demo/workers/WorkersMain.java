package io.sluice.sandbox.demo.workers;

import io.sluice.handlers.HandlerRuntime;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import io.sluice.sandbox.demo.setup.SandboxSettings;
import io.sluice.sandbox.demo.setup.ShardPools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The process of a handler worker. It runs until SIGTERM. */
public final class WorkersMain {

  /** Concurrent calls of a domain. Each call of a transactional handler needs a connection. */
  private static final int CONCURRENCY = 8;

  /**
   * Connections to each shard: for transactional handlers, and for status updates of the others.
   */
  private static final int CONNECTIONS = CONCURRENCY + 2;

  private static final int CLIENT_THREADS = 4;

  /** How long a killed worker keeps its partitions. */
  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

  private WorkersMain() {}

  /**
   * Runs the handlers of all domains.
   *
   * @param arguments settings file
   */
  public static void main(String[] arguments) throws InterruptedException {
    SandboxSettings settings = SandboxSettings.read(Path.of(arguments[0]));
    ShardPools pools = ShardPools.open(settings, CONNECTIONS);
    ExecutorService client = Executors.newFixedThreadPool(CLIENT_THREADS);
    HandlerRuntime runtime = runtime(settings, pools, client);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try (pools) {
                    runtime.close();
                  }
                  client.shutdownNow();
                  ended.countDown();
                },
                "workers-shutdown"));
    runtime.start();
    ended.await();
  }

  private static HandlerRuntime runtime(
      SandboxSettings settings, ShardPools pools, Executor client) {
    TroubledHandler elsewhere = new TroubledHandler();
    return HandlerRuntime.builder()
        .kafka(
            Map.of(
                "bootstrap.servers",
                settings.bootstrapServers(),
                "session.timeout.ms",
                (int) SESSION_TIMEOUT.toMillis()))
        .shards(pools.dataSources())
        .retry(RetryPolicy.exponential(Duration.ofMillis(200), Duration.ofSeconds(2)))
        .unhandled(Unhandled.FAIL)
        .concurrency(CONCURRENCY)
        .transactionalHandler(EventDomain.PORTFOLIO, "order_created", new BookingHandler("amount"))
        .transactionalHandler(EventDomain.PORTFOLIO, "order_filled", new BookingHandler("quantity"))
        .asyncHandler(EventDomain.SIGNAL, "signal_issued", new SignalHandler(client))
        .handler(EventDomain.NOTIFICATION, "user_registered", elsewhere)
        .handler(EventDomain.MARKET, "price_alert_triggered", elsewhere)
        .handler(EventDomain.CHAT, "message_sent", elsewhere)
        .build();
  }
}
