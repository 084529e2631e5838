package io.sluice.sandbox.demo.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KillScheduleTest {

  private record Named(String name) implements Victim {
    @Override
    public void kill() {
      throw new AssertionError("nothing is killed by drawing");
    }

    @Override
    public void start() {
      throw new AssertionError("nothing is started by drawing");
    }
  }

  private static final List<List<Victim>> KINDS =
      List.of(
          List.of(new Named("relay-1"), new Named("relay-2"), new Named("relay-3")),
          List.of(new Named("worker-1"), new Named("worker-2")),
          List.of(new Named("MySQL")),
          List.of(new Named("Kafka")));

  private static List<Kill> draw(long seed, int count) {
    return KillSchedule.draw(seed, count, KINDS).kills();
  }

  private static Set<String> victims(List<Kill> kills) {
    return kills.stream().map(kill -> kill.victim().name()).collect(Collectors.toSet());
  }

  @Test
  void isTheSameForTheSameSeed() {
    assertEquals(draw(42, 10), draw(42, 10));
    assertNotEquals(draw(42, 10), draw(43, 10));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 200})
  void everyMomentLiesWithinTheLoadAndAfterTheOneBefore(int count) {
    for (long seed = 0; seed < 100; seed++) {
      List<Kill> kills = draw(seed, count);
      assertEquals(count, kills.size());
      List<Double> moments = kills.stream().map(Kill::moment).toList();
      assertEquals(moments.stream().sorted().toList(), moments);
      assertTrue(moments.get(0) > 0 && moments.get(count - 1) < 1, () -> moments.toString());
    }
  }

  @Test
  void everyKindOccursAsSoonAsThereAreKillsEnough() {
    for (long seed = 0; seed < 1000; seed++) {
      Set<String> killed = victims(draw(seed, 4));
      assertTrue(killed.contains("MySQL") && killed.contains("Kafka"), killed::toString);
      assertTrue(killed.stream().anyMatch(name -> name.startsWith("relay")), killed::toString);
      assertTrue(killed.stream().anyMatch(name -> name.startsWith("worker")), killed::toString);
    }
  }

  @Test
  void anyVictimMayBeTheOnlyOneOrTheFirst() {
    Set<String> all =
        Set.of("relay-1", "relay-2", "relay-3", "worker-1", "worker-2", "MySQL", "Kafka");
    assertEquals(
        all,
        IntStream.range(0, 200)
            .mapToObj(seed -> draw(seed, 1).get(0).victim().name())
            .collect(Collectors.toSet()));
    assertEquals(
        all,
        IntStream.range(0, 200)
            .mapToObj(seed -> draw(seed, 5).get(0).victim().name())
            .collect(Collectors.toSet()));
  }

  @Test
  void victimsAreAwayForNoTimeToAFewSeconds() {
    List<Duration> away = draw(7, 200).stream().map(Kill::away).sorted().toList();

    assertTrue(away.get(0).compareTo(Duration.ofMillis(300)) < 0, away::toString);
    assertTrue(away.get(199).compareTo(Duration.ofSeconds(2)) > 0, away::toString);
    assertTrue(away.get(199).compareTo(Duration.ofSeconds(5)) < 0, away::toString);
  }

  @Test
  void theLoadMayGoOnHalfWayToTheNextKillBeforeOneHasStruck() {
    Victim victim = new Named("MySQL");
    KillSchedule schedule =
        new KillSchedule(
            List.of(new Kill(0.2, victim, Duration.ZERO), new Kill(0.6, victim, Duration.ZERO)));

    assertEquals(0.4, schedule.latest(0), 1e-9);
    assertEquals(0.8, schedule.latest(1), 1e-9);
  }
}
