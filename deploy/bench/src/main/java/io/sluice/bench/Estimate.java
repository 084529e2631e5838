package io.sluice.bench;

import java.util.Collection;
import java.util.Map;

/** About how long measurements take on two cores that do nothing else. */
final class Estimate {

  /** Of a quick run, for each measurement. */
  private static final int QUICK_SECONDS = 40;

  private static final Map<String, Cost> COSTS =
      Map.ofEntries(
          Map.entry("drain-transactions", new Cost(40, 55)),
          Map.entry("drain", new Cost(30, 100)),
          Map.entry("drain-statements", new Cost(25, 50)),
          Map.entry("latency-100", Cost.warm(330)),
          Map.entry("latency-1000", Cost.warm(330)),
          Map.entry("business-transaction", new Cost(0, 30)),
          Map.entry("handlers", new Cost(30, 50)),
          Map.entry("handlers-transactional", new Cost(15, 40)),
          Map.entry("observers", new Cost(45, 20)),
          Map.entry("handlers-10ms", new Cost(20, 35)),
          Map.entry("hot-aggregate", new Cost(10, 15)),
          Map.entry("idle", Cost.once(420)),
          Map.entry("curve-backlog", Cost.once(330)),
          Map.entry("curve-row-size", Cost.once(120)),
          Map.entry("curve-transaction", Cost.once(200)),
          Map.entry("curve-shards", Cost.once(240)),
          Map.entry("curve-foreign", Cost.once(150)),
          Map.entry("curve-gtids", Cost.once(120)),
          Map.entry("curve-buffer", Cost.once(120)));

  private Estimate() {}

  /**
   * What a measurement takes.
   *
   * @param before seconds to prepare it, or for all of it if it is not measured in rounds
   * @param round seconds for all contenders in a round
   * @param warmUps rounds before those that count
   */
  private record Cost(int before, int round, int warmUps) {

    private Cost(int before, int round) {
      this(before, round, 1);
    }

    static Cost warm(int round) {
      return new Cost(0, round, 0);
    }

    static Cost once(int seconds) {
      return new Cost(seconds, 0, 0);
    }
  }

  /**
   * The minutes that a full run of some measurements takes.
   *
   * @param rounds rounds that count
   */
  static long minutes(Collection<String> names, int rounds) {
    int seconds = 0;
    for (String name : names) {
      Cost cost = COSTS.get(name);
      if (cost == null) {
        throw new IllegalArgumentException("how long %s takes is unknown".formatted(name));
      }
      seconds += cost.before() + cost.round() * (cost.warmUps() + rounds);
    }
    return rounded(seconds);
  }

  /** The minutes that a quick run of so many measurements takes. */
  static long quickMinutes(int measurements) {
    return rounded(measurements * QUICK_SECONDS);
  }

  private static long rounded(int seconds) {
    return Math.max(1, Math.round(seconds / 60.0));
  }
}
