package io.sluice.bench.relay;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.Findings;
import io.sluice.bench.harness.Measurement;
import io.sluice.bench.harness.Metric;
import io.sluice.bench.publishers.Publishers;
import java.util.List;

/**
 * The time from the commit of a transaction with one event until a consumer of committed records
 * has the event.
 *
 * @param rate transactions a second
 */
public record Latency(int rate) implements Measurement {

  /** Two thirds are the warm-up, in which compilers take more of two cores than events do. */
  private static final int SECONDS = 90;

  private static final int QUICK_SECONDS = 6;

  @Override
  public String name() {
    return "latency-" + rate;
  }

  @Override
  public Findings run(Bench bench) throws Exception {
    int count = rate * bench.options().scaled(SECONDS, QUICK_SECONDS);
    List<Contender> contenders =
        Publishers.all(bench).stream()
            .<Contender>map(kind -> new PublisherLatency(bench, kind, rate, count))
            .toList();
    return new Findings(
        name(),
        "From commit to a consumer of committed records, %,d transactions a second".formatted(rate),
        Metric.LATENCY_MEDIAN,
        bench.compareWarm(contenders));
  }
}
