package io.sluice.bench.relay;

import io.sluice.bench.events.Arrivals;
import io.sluice.bench.events.EventId;
import io.sluice.bench.events.EventTopics;
import io.sluice.bench.events.Outbox;
import io.sluice.bench.events.PacedWriter;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.Metric;
import io.sluice.bench.harness.Sample;
import io.sluice.bench.publishers.Probe;
import io.sluice.bench.publishers.Publisher;
import io.sluice.bench.publishers.Publishers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Times a publisher from the return of each commit until a consumer of committed records has the
 * event. The first two thirds are the warm-up.
 *
 * @param rate transactions a second
 * @param count how many transactions
 */
record PublisherLatency(Bench bench, Publishers.Kind kind, int rate, int count)
    implements Contender {

  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

  @Override
  public String name() {
    return kind.name();
  }

  @Override
  public Sample run(int round) throws Exception {
    try (Outbox outbox = Outbox.create(bench, "latency-" + bench.nextServerId())) {
      Publisher publisher = kind.of(outbox);
      publisher.prepare(1);
      EventTopics topics = publisher.topics(0);
      topics.create();
      try (ChildProcess process = publisher.start(0);
          KafkaConsumer<byte[], byte[]> consumer = topics.open(Map.of());
          PacedWriter writer = new PacedWriter(outbox, rate, count)) {
        Probe.await(outbox, consumer, process);
        writer.start();
        return process.withPeakMemory(read(consumer, writer, process));
      } finally {
        topics.delete();
      }
    }
  }

  private Sample read(
      KafkaConsumer<byte[], byte[]> consumer, PacedWriter writer, ChildProcess process)
      throws Exception {
    int warm = count * 2 / 3;
    double cpu = Double.NaN;
    Map<String, Integer> pending = new HashMap<>();
    for (int i = 0; i < count; i++) {
      pending.put(EventId.of(i), i);
    }
    Histogram micros = new Histogram(3);
    long moved = System.nanoTime();
    while (!pending.isEmpty()) {
      process.requireAlive();
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        long now = System.nanoTime();
        Integer number = pending.remove(Arrivals.id(record));
        if (number != null) {
          moved = now;
          if (pending.size() == count - warm) {
            cpu = process.cpuSeconds();
          }
          if (number >= warm) {
            // The record may be there before the commit returns.
            micros.recordValue(Math.max(0, (now - writer.committed(number)) / 1_000));
          }
        }
      }
      if (System.nanoTime() - moved > STUCK_AFTER.toNanos()) {
        throw new IllegalStateException(
            "%d of %d events have not arrived".formatted(pending.size(), count));
      }
    }
    return new Sample(
        Map.of(
            Metric.LATENCY_MEDIAN, micros.getValueAtPercentile(50) / 1e3,
            Metric.LATENCY_99, micros.getValueAtPercentile(99) / 1e3,
            Metric.WRITTEN, writer.achievedRate(),
            Metric.CPU, (process.cpuSeconds() - cpu) * 1e6 / (count - warm)));
  }
}
