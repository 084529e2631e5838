package io.sluice.bench.harness;

import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Times a process from its first to its last event. What was done when the first events were seen
 * counts as start, together with the start of the JVM. Used by one thread.
 */
public final class Lap {

  /** In less time, the resolution of CPU times and of the looks at a process would decide. */
  private static final double SHORTEST = 0.05;

  private final long total;
  private final DoubleSupplier cpuSeconds;
  private final long begin = System.nanoTime();
  private Mark first;
  private Mark half;
  private Mark last;

  /** A moment: events until then, and the process's CPU time. */
  private record Mark(long events, long nanos, double cpuSeconds) {

    double secondsUntil(Mark later) {
      return (later.nanos - nanos) / 1e9;
    }

    double rateUntil(Mark later) {
      return (later.events - events) / secondsUntil(later);
    }
  }

  /**
   * Starts the clock.
   *
   * @param total how many events there will be
   * @param cpuSeconds the CPU time of the process so far
   */
  public Lap(long total, DoubleSupplier cpuSeconds) {
    this.total = total;
    this.cpuSeconds = cpuSeconds;
    this.first = new Mark(0, begin, 0);
    this.half = first;
    this.last = first;
  }

  /** Notes that so many events are done by now. */
  public void at(long events) {
    if (matters(events)) {
      note(new Mark(events, System.nanoTime(), cpuSeconds.getAsDouble()));
    }
  }

  /** Notes that so many events were done at a moment, and the process's CPU time then. */
  public void at(long events, long nanos, double cpuSecondsThen) {
    if (matters(events)) {
      note(new Mark(events, nanos, cpuSecondsThen));
    }
  }

  private boolean matters(long events) {
    return events > last.events
        && !isDone()
        && (last.events == 0
            || events >= total
            || (half.events == first.events && events >= total / 2));
  }

  private void note(Mark now) {
    if (last.events == 0) {
      first = now;
      half = now;
    } else if (now.events < total) {
      half = now;
    }
    last = now;
  }

  public boolean isDone() {
    return last.events >= total;
  }

  /** How long the clock has been running. */
  public double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  /**
   * Returns what was measured.
   *
   * @throws IllegalStateException if not all events are done, or if they were done too fast to be
   *     timed
   */
  public Sample sample() {
    if (!isDone()) {
      throw new IllegalStateException(
          "only %d of %d events were done after %.0f s".formatted(last.events, total, seconds()));
    }
    if (first.secondsUntil(last) < SHORTEST) {
      throw new IllegalStateException(
          ("the last %,d of %,d events were done in %.3f s, which is too short to be timed: more"
                  + " events are needed")
              .formatted(last.events - first.events, total, first.secondsUntil(last)));
    }
    Sample sample =
        new Sample(
            Map.of(
                Metric.RATE,
                first.rateUntil(last),
                Metric.CPU,
                (last.cpuSeconds - first.cpuSeconds) * 1e6 / (last.events - first.events),
                Metric.START,
                (first.nanos - begin) / 1e9,
                Metric.START_CPU,
                first.cpuSeconds));
    return half.equals(first) || half.secondsUntil(last) < SHORTEST
        ? sample
        : sample.with(Metric.WARM_RATE, half.rateUntil(last));
  }
}
