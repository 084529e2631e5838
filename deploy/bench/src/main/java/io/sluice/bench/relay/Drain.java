package io.sluice.bench.relay;

import io.sluice.bench.events.Outbox;
import io.sluice.bench.events.Shape;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.Findings;
import io.sluice.bench.harness.Measurement;
import io.sluice.bench.harness.Metric;
import io.sluice.bench.publishers.Publisher;
import io.sluice.bench.publishers.Publishers;
import io.sluice.bench.publishers.RawBinlog;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast a backlog is published. It is written before the clock starts.
 *
 * @param name the measurement's name
 * @param shape how the rows were inserted
 * @param words the shape in words
 */
public record Drain(String name, Shape shape, String words) implements Measurement {

  private static final Shape USUAL = Shape.of(1, 100);

  private static final int ROWS = 300_000;
  private static final int QUICK_ROWS = 50_000;

  /** The measurements, one for each shape. */
  public static List<Measurement> all() {
    return List.of(
        new Drain("drain-transactions", Shape.of(1, 1), "a row a transaction"),
        new Drain("drain", USUAL, "a row a statement, 100 a transaction"),
        new Drain("drain-statements", Shape.of(64, 64), "64 rows a statement"));
  }

  @Override
  public Findings run(Bench bench) throws Exception {
    int rows = bench.options().scaled(ROWS, QUICK_ROWS);
    try (Outbox outbox = Outbox.create(bench, name)) {
      List<Contender> contenders = new ArrayList<>();
      List<Publishers.Kind> kinds = kinds(bench);
      // Ours is prepared last: what the others write for their preparation is before its position.
      for (int i = kinds.size() - 1; i >= 0; i--) {
        Publisher publisher = kinds.get(i).of(outbox);
        publisher.prepare(bench.options().warmUps() + bench.options().rounds());
        contenders.add(0, new PublisherDrain(kinds.get(i).name(), publisher, rows));
      }
      contenders.add(RawBinlog.next(bench, outbox, rows));
      long begin = System.nanoTime();
      outbox.write(rows, shape);
      bench.say(
          "%,d rows were written in %.1f s: %s", rows, (System.nanoTime() - begin) / 1e9, words);
      outbox.keep();
      return new Findings(
          name,
          "Drain of %,d rows, %s, to five topics of 12 partitions".formatted(rows, words),
          Metric.RATE,
          bench.compare(outbox::restore, contenders));
    }
  }

  /** The poller reads the table, in which all shapes are the same: it is measured with one. */
  private List<Publishers.Kind> kinds(Bench bench) {
    return shape.equals(USUAL) ? Publishers.all(bench) : Publishers.ofBinlog(bench);
  }
}
