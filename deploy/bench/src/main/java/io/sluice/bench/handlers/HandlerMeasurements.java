package io.sluice.bench.handlers;

import io.sluice.bench.events.EventSeries;
import io.sluice.bench.events.Outbox;
import io.sluice.bench.handlers.RawConsumer.Work;
import io.sluice.bench.handlers.Worker.Calls;
import io.sluice.bench.handlers.Worker.Kind;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.CurveMeasurement;
import io.sluice.bench.harness.Findings;
import io.sluice.bench.harness.Measurement;
import io.sluice.bench.harness.Metric;
import io.sluice.bench.harness.Sample;
import java.util.List;

/** The measurements of handlers, each beside what does the same without the library. */
public final class HandlerMeasurements {

  private static final EventSeries ALL_DOMAINS = EventSeries.USUAL;

  private static final List<String> ONE_DOMAIN = EventSeries.DOMAINS.subList(0, 1);

  private HandlerMeasurements() {}

  /** All of them. */
  public static List<Measurement> all() {
    return List.of(
        new HandlerMeasurement(
            "handlers",
            "Handlers that do nothing, outcomes written to the rows, five domains",
            ALL_DOMAINS,
            new Count(200_000, 20_000),
            HandlerMeasurements::handlers),
        new HandlerMeasurement(
            "handlers-transactional",
            "Transactional handlers that do nothing, one domain, 32 calls",
            new EventSeries(ONE_DOMAIN, EventSeries.USUAL.aggregates(), 0),
            new Count(50_000, 3_000),
            HandlerMeasurements::transactional),
        new HandlerMeasurement(
            "observers",
            "Observers that do nothing, five domains",
            ALL_DOMAINS,
            new Count(500_000, 100_000),
            HandlerMeasurements::observers),
        new HandlerMeasurement(
            "handlers-10ms",
            "Observers of 10 ms, one domain, 1,000 aggregates",
            new EventSeries(ONE_DOMAIN, 1_000, 0),
            new Count(100_000, 10_000),
            HandlerMeasurements::slow),
        new HandlerMeasurement(
            "hot-aggregate",
            "Handlers that do nothing, outcomes written to the rows, one aggregate",
            new EventSeries(ONE_DOMAIN, 1, 0),
            new Count(10_000, 2_000),
            HandlerMeasurements::hot));
  }

  /** How the cost of an event changes with the size of the buffer. */
  public static Measurement bufferCurve() {
    return new CurveMeasurement(
        "curve-buffer",
        "Handlers that do nothing, outcomes written to the rows",
        "events of buffer",
        "event",
        x -> 1,
        List.of(100, 1_000, 10_000, 100_000),
        List.of(100, 10_000),
        HandlerMeasurements::withBuffer);
  }

  private static List<Sample> withBuffer(Bench bench, int buffer) throws Exception {
    String name = "buffer-" + buffer;
    int rows = bench.options().scaled(200_000, 10_000);
    try (Outbox outbox = Outbox.create(bench, name)) {
      RelayedEvents events = RelayedEvents.create(bench, outbox, rows);
      Calls calls = new Calls(Kind.PLAIN, 32, buffer, 0);
      List<Contender> ours = Worker.all(bench, events, "Sluice handlers", calls).subList(0, 1);
      return bench.runOnce(ours).get(0).samples();
    }
  }

  private static List<Contender> handlers(Bench bench, RelayedEvents events) {
    List<Contender> all = Worker.all(bench, events, "Sluice handlers", Calls.ofKind(Kind.PLAIN));
    // Few: its rate does not depend on their number.
    all.add(new RawConsumer(bench, events, Work.UPDATE_EACH, events.outbox().rows() / 40));
    all.add(new RawConsumer(bench, events, Work.UPDATE_ALL, events.outbox().rows()));
    return all;
  }

  private static List<Contender> transactional(Bench bench, RelayedEvents events) {
    List<Contender> all =
        Worker.all(
            bench, events, "Sluice transactional handlers", Calls.ofKind(Kind.TRANSACTIONAL));
    all.add(new SqlByHand(bench, events));
    return all;
  }

  private static List<Contender> observers(Bench bench, RelayedEvents events) {
    List<Contender> all = Worker.all(bench, events, "Sluice observer", Calls.ofKind(Kind.OBSERVER));
    all.add(new RawConsumer(bench, events, Work.NOTHING, events.outbox().rows()));
    return all;
  }

  private static List<Contender> slow(Bench bench, RelayedEvents events) {
    Calls hundred = new Calls(Kind.OBSERVER, 100, 10_000, 10);
    List<Contender> all = Worker.all(bench, events, "Sluice observer, 100 calls", hundred);
    if (Runtime.version().feature() >= 21) {
      Calls thousand = new Calls(Kind.OBSERVER, 1_000, 10_000, 10);
      all.addAll(
          Worker.all(bench, events, "Sluice observer, 1,000 calls (virtual threads)", thousand));
    }
    all.add(new ParallelConsumer(bench, events, hundred));
    return all;
  }

  private static List<Contender> hot(Bench bench, RelayedEvents events) {
    return Worker.all(bench, events, "Sluice handlers", Calls.ofKind(Kind.PLAIN));
  }

  /** How many events are written. */
  private record Count(int full, int quick) {}

  /** Creates what is compared. */
  private interface Contenders {
    List<Contender> of(Bench bench, RelayedEvents events);
  }

  /** Contenders that handle the same events. */
  private record HandlerMeasurement(
      String name, String title, EventSeries written, Count count, Contenders contenders)
      implements Measurement {

    @Override
    public Findings run(Bench bench) throws Exception {
      int rows = bench.options().scaled(count.full(), count.quick());
      try (Outbox outbox = Outbox.create(bench, name, written)) {
        RelayedEvents events = RelayedEvents.create(bench, outbox, rows);
        return new Findings(
            name,
            "%s, %,d events".formatted(title, rows),
            Metric.RATE,
            bench.compare(outbox::restore, contenders.of(bench, events)));
      }
    }
  }
}
