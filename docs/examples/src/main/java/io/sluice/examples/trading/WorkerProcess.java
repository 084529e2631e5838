package io.sluice.examples.trading;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.handlers.HandlerRuntime;
import io.sluice.outbox.ShardDataSources;
import java.util.Map;

/** How the workers' process is started. */
final class WorkerProcess {

  private WorkerProcess() {}

  static void run(
      Map<String, Object> kafka,
      ShardDataSources shards,
      Exchange exchange,
      Push push,
      MeterRegistry meters) {
    TradingWorker worker =
        new TradingWorker(
            HandlerRuntime.builder().kafka(kafka).shards(shards), exchange, push, meters);
    worker.start(); // returns at once and waits for servers in the background
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "trading-worker-stop"));
  }
}
