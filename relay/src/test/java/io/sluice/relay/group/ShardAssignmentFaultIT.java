package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.KafkaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relays that die, freeze and thaw, and brokers that go and come back. */
@Tag("fault")
@SandboxTest
class ShardAssignmentFaultIT {

  private static final int SHARDS = 4;
  private static final Duration TAKE_OVER = Duration.ofSeconds(10);

  @Test
  void aFrozenRelayIsReplacedAndOwnsNothingWhenItThawsAndAKilledOneIsReplacedAsFast(
      Sandbox sandbox, @TempDir Path folder) throws Exception {
    String topic = sandbox.topics().create("faults", SHARDS);
    String kafka = sandbox.kafka().bootstrapServers();
    try (TestRelay survivor = start(kafka, topic)) {
      survivor.awaitOwned(SHARDS);
      try (RelayChild child = RelayChild.start(folder, kafka, topic, SHARDS)) {
        String owned = child.awaitLine("owns \\[\\d, \\d]", 0).replace("owns ", "");
        // Printed by another thread, after it owns them.
        child.awaitLine(Pattern.quote("acquired " + owned), 0);
        survivor.awaitOwned(SHARDS / 2);
        int before = child.printed().size();
        child.freeze();
        assertTakenOver("frozen", survivor);
        child.thaw();
        child.awaitLine(Pattern.quote("lost " + owned), before);
        List<String> printed = child.printed();
        List<String> sinceThaw = printed.subList(before, printed.indexOf("lost " + owned));
        assertTrue(sinceThaw.stream().allMatch("owns []"::equals), sinceThaw.toString());
        child.awaitLine("owns \\[\\d, \\d]", before);
        survivor.awaitOwned(SHARDS / 2);
        child.kill();
        assertTakenOver("kill -9", survivor);
      }
    }
  }

  @Test
  void shardsKeepTheirOwnersWhileTheBrokerIsAway() throws Exception {
    try (KafkaServer kafka = KafkaServer.start()) {
      create(kafka, "away");
      try (TestRelay relay = start(kafka.bootstrapServers(), "away");
          TestRelay other = start(kafka.bootstrapServers(), "away")) {
        relay.awaitOwned(SHARDS / 2);
        other.awaitOwned(SHARDS / 2);
        List<String> calls = relay.calls();
        kafka.kill();
        kafka.restart();
        ShardOwners owners =
            new ShardOwners(TestRelay.kafka(kafka.bootstrapServers()), "away.relays", "away");
        relay.owned().forEach(partition -> relay.assignment().report(partition, "after"));
        TestRelay.await(
            () ->
                owners.read().values().stream().filter(o -> o.state().equals("after")).count() == 2,
            () -> owners.read().toString());
        assertEquals(calls, relay.calls());
        assertEquals(SHARDS / 2, other.owned().size());
      }
    }
  }

  private static void create(KafkaServer kafka, String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(topic, SHARDS, (short) 1))).all().get();
    }
  }

  private static void assertTakenOver(String what, TestRelay survivor) {
    Duration taken = survivor.awaitOwned(SHARDS);
    System.out.printf("%s: taken over after %d ms%n", what, taken.toMillis());
    assertTrue(taken.compareTo(TAKE_OVER) < 0, taken.toString());
  }

  private static TestRelay start(String kafka, String topic) {
    return TestRelay.start(TestRelay.settings(kafka, topic, Optional.empty()));
  }
}
