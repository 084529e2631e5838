package io.sluice.bench.handlers;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Lap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Runs the parallel consumer until all events are done. */
final class ParallelConsumerMain {

  private static final long LOOK_EVERY_NANOS = 2_000_000;

  private ParallelConsumerMain() {}

  /**
   * The settings.
   *
   * @param millis how long a call takes
   * @param events how many events there are
   */
  record Settings(
      String bootstrapServers,
      List<String> topics,
      String group,
      int threads,
      int millis,
      long events) {}

  public static void main(String[] arguments) {
    Settings settings = Bench.settings(arguments, Settings.class);
    Lap lap = new Lap(settings.events(), ChildProcess::ownCpuSeconds);
    AtomicLong done = new AtomicLong();
    try (ParallelStreamProcessor<byte[], byte[]> processor =
        ParallelStreamProcessor.createEosStreamProcessor(options(settings))) {
      processor.subscribe(settings.topics());
      processor.poll(
          context -> {
            LockSupport.parkNanos(settings.millis() * 1_000_000L);
            done.incrementAndGet();
          });
      while (!lap.isDone()) {
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
        lap.at(done.get());
      }
      ChildProcess.report(lap.sample());
    }
  }

  private static ParallelConsumerOptions<byte[], byte[]> options(Settings settings) {
    return ParallelConsumerOptions.<byte[], byte[]>builder()
        .ordering(ProcessingOrder.KEY)
        .maxConcurrency(settings.threads())
        .consumer(
            // It commits the offsets of what is done.
            GroupConsumer.open(settings.bootstrapServers(), settings.group(), false))
        .build();
  }
}
