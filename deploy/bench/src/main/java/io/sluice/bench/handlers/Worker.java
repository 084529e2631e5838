package io.sluice.bench.handlers;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.BuiltModule;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.Sample;
import io.sluice.handlers.HandlerRuntimeBuilder;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A worker with the library's runtime.
 *
 * @param calls what the handlers do
 * @param classPath the class path with the library's version
 */
record Worker(Bench bench, RelayedEvents events, String name, Calls calls, String classPath)
    implements Contender {

  private static final Duration BOUND = Duration.ofMinutes(10);

  /**
   * What the handlers of a worker do.
   *
   * @param kind how they are registered
   * @param concurrency how many calls of a domain run at the same time
   * @param buffer how many events of a domain are buffered
   * @param millis how long a call takes
   */
  record Calls(Kind kind, int concurrency, int buffer, int millis) {

    /** The library's defaults, and calls that do nothing. */
    static Calls ofKind(Kind kind) {
      return new Calls(
          kind,
          HandlerRuntimeBuilder.DEFAULT_CONCURRENCY,
          HandlerRuntimeBuilder.DEFAULT_BUFFERED_EVENTS,
          0);
    }
  }

  /** How a handler is registered. */
  enum Kind {
    PLAIN,
    TRANSACTIONAL,
    OBSERVER
  }

  /** The workers of the checkout that is measured, and of the baseline if there is one. */
  static List<Contender> all(Bench bench, RelayedEvents events, String name, Calls calls) {
    String ours = System.getProperty("java.class.path");
    Optional<String> baseline =
        bench
            .options()
            .baseline()
            .map(root -> jar(root, "writer-lib") + jar(root, "handlers") + ours);
    List<Contender> workers = new ArrayList<>();
    workers.add(new Worker(bench, events, name, calls, ours));
    baseline
        .map(path -> new Worker(bench, events, name + ", baseline", calls, path))
        .ifPresent(workers::add);
    return workers;
  }

  private static String jar(Path root, String module) {
    return new BuiltModule(root.resolve(module)).jar() + File.pathSeparator;
  }

  @Override
  public Sample run(int round) throws Exception {
    long count = events.outbox().rows();
    String process = "worker-" + bench.nextServerId();
    WorkerMain.Settings settings =
        new WorkerMain.Settings(
            calls,
            bench.servers().kafka().bootstrapServers(),
            events.template(),
            bench.uniqueName(process + "."),
            events.outbox().series().domains(),
            events.outbox().database(),
            JdbcLogin.of(events.outbox()),
            count);
    try (ChildProcess worker = bench.start(process, WorkerMain.class, classPath, settings)) {
      Sample sample = worker.awaitSample(BOUND);
      if (calls.kind() != Kind.OBSERVER && events.outbox().published() != count) {
        throw new IllegalStateException("the worker counted events whose rows are not written");
      }
      return sample;
    }
  }
}
