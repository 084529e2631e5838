package io.sluice.bench.handlers;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.Sample;
import java.time.Duration;

/** The statements of a transactional handler's transaction on as many threads, without Kafka. */
record SqlByHand(Bench bench, RelayedEvents events) implements Contender {

  private static final Duration BOUND = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "The same SQL by hand, 32 threads";
  }

  @Override
  public Sample run(int round) throws Exception {
    SqlByHandMain.Settings settings =
        new SqlByHandMain.Settings(JdbcLogin.of(events.outbox()), events.outbox().rows());
    try (ChildProcess process = bench.start("sql-by-hand", SqlByHandMain.class, settings)) {
      return process.awaitSample(BOUND);
    }
  }
}
