package io.sluice.bench.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Measures one contender at several places of a curve.
 *
 * @param axis what grows
 * @param unit what the cost is compared for
 * @param units how many units an event is
 * @param full the places
 * @param quick the places of a quick run
 * @param place measures at a place
 */
public record CurveMeasurement(
    String name,
    String title,
    String axis,
    String unit,
    IntToDoubleFunction units,
    List<Integer> full,
    List<Integer> quick,
    Place place)
    implements Measurement {

  /** Measures at a place of the curve. */
  public interface Place {
    List<Sample> measure(Bench bench, int x) throws Exception;
  }

  @Override
  public Report run(Bench bench) throws Exception {
    List<Curve.Point> points = new ArrayList<>();
    for (int x : bench.options().isQuick() ? quick : full) {
      bench.say("%,d %s", x, axis);
      points.add(new Curve.Point(x, units.applyAsDouble(x), place.measure(bench, x)));
    }
    return new Curve(name, title, axis, unit, points);
  }
}
