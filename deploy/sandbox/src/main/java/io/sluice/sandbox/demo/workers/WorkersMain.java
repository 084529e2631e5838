package io.sluice.sandbox.demo.workers;

import io.sluice.handlers.HandlerRuntime;
import io.sluice.outbox.EventDomain;
import io.sluice.sandbox.demo.setup.SandboxSettings;
import io.sluice.sandbox.demo.setup.ShardPools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The handler workers' process: runs until it is told to end. */
public final class WorkersMain {

  private static final int CONNECTIONS = 10;

  private WorkersMain() {}

  /**
   * Runs the handlers of all domains.
   *
   * @param arguments settings file
   */
  public static void main(String[] arguments) throws InterruptedException {
    SandboxSettings settings = SandboxSettings.read(Path.of(arguments[0]));
    ShardPools pools = ShardPools.open(settings, CONNECTIONS);
    HandlerRuntime runtime = runtime(settings, pools);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try (pools) {
                    runtime.close();
                  }
                  ended.countDown();
                },
                "workers-shutdown"));
    runtime.start();
    ended.await();
  }

  private static HandlerRuntime runtime(SandboxSettings settings, ShardPools pools) {
    TroubledHandler handler = new TroubledHandler();
    return HandlerRuntime.builder()
        .kafka(Map.of("bootstrap.servers", settings.bootstrapServers()))
        .shards(pools.dataSources())
        .retryBackoff(Duration.ofMillis(200), Duration.ofSeconds(2))
        .handler(EventDomain.NOTIFICATION, "user_registered", handler)
        .handler(EventDomain.PORTFOLIO, "order_created", handler)
        .handler(EventDomain.PORTFOLIO, "order_filled", handler)
        .handler(EventDomain.MARKET, "price_alert_triggered", handler)
        .handler(EventDomain.CHAT, "message_sent", handler)
        .handler(EventDomain.SIGNAL, "signal_issued", handler)
        .build();
  }
}
