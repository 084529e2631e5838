package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;

/** Several relays of one JVM share shards over a real Kafka. */
@SandboxTest
class ShardAssignmentIT {

  private static final int SHARDS = 6;

  private final Sandbox sandbox;

  ShardAssignmentIT(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  @Test
  void shardsAreSharedByTwoThenThreeThenOneRelay() {
    String topic = sandbox.topics().create("share", SHARDS);
    try (TestRelay first = start(topic)) {
      first.awaitOwned(SHARDS);
      TestRelay second = start(topic);
      second.awaitOwned(3);
      TestRelay third = start(topic);
      third.awaitOwned(2);
      Set<Integer> all = new HashSet<>(first.owned());
      all.addAll(second.owned());
      all.addAll(third.owned());
      assertEquals(SHARDS, all.size(), "every partition has an owner");
      assertEquals(2, first.owned().size());
      assertEquals(2, second.owned().size());
      assertEquals(
          1,
          Stream.of(first, second, third).filter(one -> one.assignment().isCoordinator()).count());
      Duration released = time(second::close);
      Duration taken = first.awaitOwned(3);
      System.out.printf(
          "clean leave: closed in %d ms, taken over %d ms later%n",
          released.toMillis(), taken.toMillis());
      assertTrue(released.plus(taken).compareTo(Duration.ofSeconds(4)) < 0);
      assertEquals(Set.of(), second.owned());
      third.close();
      first.awaitOwned(SHARDS);
      assertTrue(first.assignment().isCoordinator());
      assertEquals(
          2,
          released(first).size(),
          "one release for the second, one for the third: " + first.calls());
    }
  }

  @Test
  void aStaticMemberKeepsItsShardsIfItIsBackInTime() {
    String topic = sandbox.topics().create("restart", 4);
    TestRelay leader = start(topic, "leader");
    leader.awaitOwned(4);
    TestRelay follower = start(topic, "follower");
    follower.awaitOwned(2);
    leader.awaitOwned(2);
    TestRelay followerAgain = restart(topic, "follower", follower, leader);
    TestRelay leaderAgain = restart(topic, "leader", leader, followerAgain);
    leaderAgain.close();
    followerAgain.close();
  }

  /** Restarts a static member and checks that no partition has moved. */
  private TestRelay restart(String topic, String instance, TestRelay before, TestRelay other) {
    Set<Integer> owned = before.owned();
    List<String> calls = other.calls();
    before.close();
    TestRelay again = start(topic, instance);
    Duration back = again.awaitOwned(2);
    System.out.printf("static member %s back: shards after %d ms%n", instance, back.toMillis());
    assertEquals(owned, again.owned());
    assertEquals(calls, other.calls());
    return again;
  }

  @Test
  void newPartitionsAreAssignedWhileRelaysRun() throws Exception {
    String topic = sandbox.topics().create("grow", 1);
    try (TestRelay first = start(topic)) {
      first.awaitOwned(1);
      try (TestRelay second = start(topic)) {
        try (Admin admin =
            Admin.create(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()))) {
          admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(4))).all().get();
        }
        second.awaitOwned(2);
        first.awaitOwned(2);
      }
    }
  }

  @Test
  void reportsOfOwnersCanBeReadByOthers() {
    String topic = sandbox.topics().create("report", 1);
    ShardOwners owners =
        new ShardOwners(
            TestRelay.kafka(sandbox.kafka().bootstrapServers()), topic + ".relays", topic);
    assertEquals(Map.of(), owners.read(), "there is no group yet");
    try (TestRelay relay = start(topic, "reporting")) {
      relay.awaitOwned(1);
      relay.assignment().report(0, "starting");
      relay.assignment().report(0, "running " + "x".repeat(2_000));
      TestRelay.await(() -> state(owners).startsWith("running"), () -> "reports " + owners.read());
      Owner owner = owners.read().getOrDefault(0, new Owner("none", "", ""));
      assertEquals(1_000, owner.state().length());
      assertEquals("reporting", owner.relay());
      // As the broker sees it: from inside a container that is not the loopback address.
      assertTrue(owner.host().matches("[0-9.]+"), owner.host());
    }
    try (TestRelay successor = start(topic, "reporting")) {
      successor.awaitOwned(1);
      TestRelay.await(() -> state(owners).isEmpty(), () -> "still reports " + owners.read());
    }
  }

  private static String state(ShardOwners owners) {
    return Optional.ofNullable(owners.read().get(0)).map(Owner::state).orElse("no owner");
  }

  @Test
  void aSecondRelayOfTheSameInstanceEndsTheFirstWithAClearError() throws Exception {
    String topic = sandbox.topics().create("twice", 2);
    try (TestRelay first = start(topic, "same")) {
      first.awaitOwned(2);
      try (TestRelay second = start(topic, "same")) {
        second.awaitOwned(2);
        RelayException failure = first.assignment().failure().get(20, TimeUnit.SECONDS);
        assertEquals(OperatorNeededException.class, failure.getClass());
        assertTrue(failure.toString().contains("with the instance name 'same'"));
        assertEquals("lost [0, 1]", first.calls().get(1));
        assertEquals(Set.of(), first.owned());
        assertEquals(2, second.owned().size());
        assertFalse(second.assignment().failure().isDone());
      }
    }
    endHeartbeats(topic);
  }

  /**
   * Kafka's client forgets its heartbeat thread, which waits from then on, if that thread is the
   * first to learn that the member is fenced.
   */
  private static void endHeartbeats(String topic) {
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("heartbeat-thread | " + topic))
        .forEach(Thread::interrupt);
  }

  @Test
  void aLongReleaseInterruptsNoOtherShard() throws Exception {
    String topic = sandbox.topics().create("slow", 4);
    CountDownLatch releasing = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    TestRelay slow =
        TestRelay.start(settings(topic, Optional.empty()), () -> pass(releasing, done));
    try (slow) {
      slow.awaitOwned(4);
      try (TestRelay second = start(topic)) {
        assertTrue(releasing.await(20, TimeUnit.SECONDS));
        // Longer than the session timeout: only heartbeats keep it in the group.
        assertFalse(done.await(7, TimeUnit.SECONDS));
        Set<Integer> kept = slow.owned();
        assertEquals(2, kept.size());
        assertEquals(Set.of(), second.owned());
        done.countDown();
        second.awaitOwned(2);
        assertEquals(kept, slow.owned());
        assertEquals(2, slow.calls().size(), slow.calls().toString());
      }
    }
  }

  private static void pass(CountDownLatch releasing, CountDownLatch done) {
    releasing.countDown();
    try {
      assertTrue(done.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> released(TestRelay relay) {
    return relay.calls().stream().filter(call -> call.startsWith("released")).toList();
  }

  private static Duration time(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private AssignmentSettings settings(String topic, Optional<String> instance) {
    return TestRelay.settings(sandbox.kafka().bootstrapServers(), topic, instance);
  }

  private TestRelay start(String topic) {
    return TestRelay.start(settings(topic, Optional.empty()));
  }

  private TestRelay start(String topic, String instance) {
    return TestRelay.start(settings(topic, Optional.of(instance)));
  }
}
