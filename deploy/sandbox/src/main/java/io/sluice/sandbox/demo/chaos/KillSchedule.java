package io.sluice.sandbox.demo.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * The planned kills of a run. They depend only on a seed, so a run can be repeated.
 *
 * @param kills in the order of their moments
 */
public record KillSchedule(List<Kill> kills) {

  /** Kills happen neither before the load starts nor shortly before its end. */
  private static final double FIRST = 0.02;

  private static final double LAST = 0.95;
  private static final long LONGEST_AWAY_MILLIS = 3_000;

  public KillSchedule {
    kills = List.copyOf(kills);
  }

  /**
   * Creates a random schedule. The load is divided into as many equal parts as there are kills, and
   * each kill has a random moment in its part.
   *
   * @param count number of kills
   * @param kinds the victims of each kind; every kind occurs if there are enough kills
   */
  public static KillSchedule draw(long seed, int count, List<List<Victim>> kinds) {
    // The first numbers of a Random are similar for adjacent seeds.
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

  /** How far the load may continue before this kill is done: half-way to the next kill. */
  double latest(int kill) {
    double next = kill + 1 < kills.size() ? kills.get(kill + 1).moment() : 1;
    return (kills.get(kill).moment() + next) / 2;
  }
}
