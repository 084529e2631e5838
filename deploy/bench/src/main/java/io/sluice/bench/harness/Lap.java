package io.sluice.bench.harness;

import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Times a process from its first to its last event. What was done when the first events were seen
 * counts as start, together with the start of the JVM. Used by one thread.
 */
public final class Lap {

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
    if (isDone() || events <= last.events) {
      return;
    }
    boolean isFirst = last.events == 0;
    if (isFirst || events >= total || (half.events == first.events && events >= total / 2)) {
      Mark now = new Mark(events, System.nanoTime(), cpuSeconds.getAsDouble());
      if (isFirst) {
        first = now;
        half = now;
      } else if (events < total) {
        half = now;
      }
      last = now;
    }
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
   * @throws IllegalStateException if not all events are done
   */
  public Sample sample() {
    if (!isDone()) {
      throw new IllegalStateException(
          "only %d of %d events were done after %.0f s".formatted(last.events, total, seconds()));
    }
    return new Sample(
        Map.of(
            Metric.RATE,
            first.rateUntil(last),
            Metric.WARM_RATE,
            half.rateUntil(last),
            Metric.CPU,
            (last.cpuSeconds - first.cpuSeconds) * 1e6 / (last.events - first.events),
            Metric.START,
            (first.nanos - begin) / 1e9,
            Metric.START_CPU,
            first.cpuSeconds));
  }
}
