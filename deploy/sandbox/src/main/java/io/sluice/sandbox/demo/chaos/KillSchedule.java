package io.sluice.sandbox.demo.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * What is killed when: drawn from a seed, so that a run can be repeated.
 *
 * @param kills in the order of their moments
 */
public record KillSchedule(List<Kill> kills) {

  /** Not before the load has begun, nor when it is as good as over. */
  private static final double FIRST = 0.02;

  private static final double LAST = 0.95;
  private static final long LONGEST_AWAY_MILLIS = 3_000;

  public KillSchedule {
    kills = List.copyOf(kills);
  }

  /**
   * Draws a schedule. The load is cut into as many equal parts as there are kills, and each has its
   * moment somewhere in its part.
   *
   * @param count how many kills
   * @param kinds the victims of each kind; every kind occurs if there are kills enough
   */
  public static KillSchedule draw(long seed, int count, List<List<Victim>> kinds) {
    // A Random's first numbers are much the same for neighbouring seeds.
    Random random = new Random(new SplittableRandom(seed).nextLong());
    List<Kill> kills = new ArrayList<>();
    for (List<Victim> kind : kinds(random, count, kinds)) {
      double moment = FIRST + (LAST - FIRST) * (kills.size() + random.nextDouble()) / count;
      Victim victim = kind.get(random.nextInt(kind.size()));
      Duration away = Duration.ofMillis(random.nextLong(LONGEST_AWAY_MILLIS));
      kills.add(new Kill(moment, victim, away));
    }
    return new KillSchedule(kills);
  }

  private static List<List<Victim>> kinds(Random random, int count, List<List<Victim>> kinds) {
    List<List<Victim>> each = new ArrayList<>(kinds);
    Collections.shuffle(each, random);
    List<List<Victim>> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drawn.add(i < each.size() ? each.get(i) : kinds.get(random.nextInt(kinds.size())));
    }
    Collections.shuffle(drawn, random);
    return drawn;
  }

  /** How far the load may go on before this kill has struck: half-way to the next. */
  double latest(int kill) {
    double next = kill + 1 < kills.size() ? kills.get(kill + 1).moment() : 1;
    return (kills.get(kill).moment() + next) / 2;
  }
}
