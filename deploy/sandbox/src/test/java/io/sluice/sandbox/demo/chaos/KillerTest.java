package io.sluice.sandbox.demo.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.sandbox.server.process.Await;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class KillerTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  /** A load whose progress the test controls. */
  private static final class FakeLoad implements Load {
    private volatile OptionalDouble committed = OptionalDouble.of(0);
    private volatile double allowed = -1;

    @Override
    public OptionalDouble committed() {
      return committed;
    }

    @Override
    public void allow(double upTo) {
      allowed = upTo;
    }
  }

  /** Records kills and starts. A start waits until the test allows it. */
  private final class FakeVictim implements Victim {
    private final String name;
    private final CountDownLatch mayStart = new CountDownLatch(1);

    FakeVictim(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void kill() {
      happened.add(name + " killed");
    }

    @Override
    public void start() {
      try {
        mayStart.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(name + " did not start", e);
      }
      happened.add(name + " started");
    }
  }

  private final List<String> happened = new CopyOnWriteArrayList<>();
  private final FakeLoad load = new FakeLoad();
  private final FakeVictim one = new FakeVictim("one");
  private final FakeVictim other = new FakeVictim("other");
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private Killer start(Kill... kills) {
    Killer killer =
        new Killer(
            new KillSchedule(List.of(kills)),
            load,
            new PrintStream(printed, true, StandardCharsets.UTF_8));
    killer.start();
    return killer;
  }

  private static Kill kill(double moment, Victim victim) {
    return new Kill(moment, victim, Duration.ZERO);
  }

  private void awaitHappened(String... expected) {
    Await.until(SOON, () -> happened.equals(List.of(expected)));
    assertEquals(List.of(expected), happened);
  }

  @Test
  void killsWhenTheMomentHasComeAndTellsOfIt() {
    one.mayStart.countDown();
    try (Killer killer = start(kill(0.5, one))) {
      load.committed = OptionalDouble.of(0.49);
      assertFalse(Await.until(Duration.ofMillis(300), () -> !happened.isEmpty()));
      load.committed = OptionalDouble.empty();
      assertFalse(Await.until(Duration.ofMillis(300), () -> !happened.isEmpty()));

      load.committed = OptionalDouble.of(0.5);

      assertTrue(Await.until(SOON, killer::isDone));
    }
    awaitHappened("one killed", "one started");
    String line = printed.toString(StandardCharsets.UTF_8);
    assertTrue(
        Pattern.matches(
            "sandbox: at \\d\\.\\d s one was killed; started again after 0\\.\\d s, up after"
                + " \\d\\.\\d s\\R",
            line),
        line);
  }

  @Test
  void holdsTheLoadBackWhileAVictimIsNotBackThatIsDueAgain() {
    try (Killer killer = start(kill(0.2, one), kill(0.4, one))) {
      assertEquals(0.3, load.allowed, 1e-9);
      load.committed = OptionalDouble.of(0.45);
      awaitHappened("one killed");
      assertTrue(Await.until(SOON, () -> load.allowed > 0.5));
      assertEquals(0.7, load.allowed, 1e-9);
      assertFalse(killer.isDone());

      one.mayStart.countDown();

      assertTrue(Await.until(SOON, killer::isDone));
      assertEquals(1, load.allowed, 1e-9);
    }
    awaitHappened("one killed", "one started", "one killed", "one started");
  }

  @Test
  void killsOneWhileAnotherIsAway() {
    try (Killer killer = start(kill(0.2, one), kill(0.4, other))) {
      load.committed = OptionalDouble.of(1);
      awaitHappened("one killed", "other killed");
      other.mayStart.countDown();
      awaitHappened("one killed", "other killed", "other started");
      assertFalse(killer.isDone());
      one.mayStart.countDown();
      assertTrue(Await.until(SOON, killer::isDone));
    }
  }

  @Test
  void saysWhatCouldNotBeStartedAgain() {
    Victim broken =
        new Victim() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public void kill() {
            happened.add("broken killed");
          }

          @Override
          public void start() {
            throw new IllegalStateException("does not come up");
          }
        };
    load.committed = OptionalDouble.of(0.5);
    try (Killer killer = start(kill(0.2, broken), kill(0.9, one))) {
      assertTrue(Await.until(SOON, () -> killer.failure().isPresent()));
      assertEquals("does not come up", killer.failure().orElseThrow().getMessage());
      assertFalse(killer.isDone());
    }
  }

  @Test
  void lettingNothingBeKilledHoldsNothingBack() {
    try (Killer killer = start()) {
      assertEquals(1, load.allowed, 1e-9);
      assertTrue(Await.until(SOON, killer::isDone));
    }
  }

  @Test
  void endsWhenClosedEvenIfTheLoadNeverGetsThere() {
    Killer killer = start(kill(0.2, one));
    killer.close();
    killer.close();

    assertEquals(List.of(), happened);
  }
}
