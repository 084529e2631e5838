package io.sluice.bench.relay;

import io.sluice.bench.events.Outbox;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.Findings;
import io.sluice.bench.harness.Measurement;
import io.sluice.bench.harness.Metric;
import io.sluice.bench.harness.Sample;
import io.sluice.bench.publishers.RelayConfiguration;
import io.sluice.bench.publishers.RelayProgram;
import io.sluice.sandbox.server.process.FreePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a relay costs whose shards write nothing. */
public final class Idle implements Measurement {

  private static final int SHARDS = 100;
  private static final int QUICK_SHARDS = 3;

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public Findings run(Bench bench) throws Exception {
    int count = bench.options().scaled(SHARDS, QUICK_SHARDS);
    List<Outbox> shards = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        shards.add(Outbox.create(bench, "idle-" + i));
      }
      RelayProgram ours = RelayProgram.of(bench.options().root());
      List<Contender> contenders = new ArrayList<>();
      contenders.add(new IdleRelay(bench, "Sluice, an engine each", ours, shards, false));
      bench
          .options()
          .baseline()
          .map(RelayProgram::of)
          .map(old -> new IdleRelay(bench, "Sluice, baseline, an engine each", old, shards, false))
          .ifPresent(contenders::add);
      contenders.add(new IdleRelay(bench, "Sluice, one engine for all", ours, shards, true));
      return new Findings(
          name(),
          "Idle relay, %d shards on one server".formatted(count),
          Metric.CORE_SHARE,
          bench.runOnce(contenders));
    } finally {
      for (Outbox shard : shards) {
        shard.close();
      }
    }
  }

  private record IdleRelay(
      Bench bench, String name, RelayProgram program, List<Outbox> shards, boolean isShared)
      implements Contender {

    /** Compilers are still busy for so long after the start. */
    private static final int WARM_UP_SECONDS = 120;

    private static final int SECONDS = 30;
    private static final int QUICK_SECONDS = 4;

    @Override
    public Sample run(int round) throws Exception {
      int serverId = bench.nextServerIds(shards.size());
      String group = bench.uniqueName("idle-" + serverId);
      RelayConfiguration configuration =
          new RelayConfiguration(
              group, group + ".${domain}", shards, serverId, isShared, FreePort.find());
      program.provision(bench, configuration);
      long begin = System.nanoTime();
      try (ChildProcess process = program.run(bench, configuration)) {
        RelayMetrics metrics = new RelayMetrics(configuration.opsPort());
        metrics.awaitRunning(isShared ? 1 : shards.size(), process);
        double start = (System.nanoTime() - begin) / 1e9;
        Thread.sleep(1_000L * bench.options().scaled(WARM_UP_SECONDS, QUICK_SECONDS));
        double cpu = process.cpuSeconds();
        long from = System.nanoTime();
        Thread.sleep(1_000L * bench.options().scaled(SECONDS, QUICK_SECONDS));
        double share = (process.cpuSeconds() - cpu) / ((System.nanoTime() - from) / 1e9);
        double threads = process.threads();
        double resident = process.residentMegabytes();
        process.collectGarbage();
        return new Sample(
            Map.of(
                Metric.CORE_SHARE,
                100 * share,
                Metric.THREADS,
                threads / shards.size(),
                Metric.LIVE_HEAP,
                metrics.heapMegabytes() / shards.size(),
                Metric.RESIDENT,
                resident,
                Metric.START,
                start));
      }
    }
  }
}
