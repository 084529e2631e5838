package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.shard.ShardState;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.MySqlServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands for a running group. */
@SandboxTest
class ShardsCommandIT {

  private static final ShardId S0 = ShardId.of("s0");

  @TempDir private Path folder;

  private static String done(Commands command) {
    assertEquals(0, command.exitCode(), command.error());
    return command.output();
  }

  private static String refused(Commands command) {
    assertEquals(1, command.exitCode(), command.output());
    assertEquals(1, command.error().lines().count(), command.error());
    return command.error();
  }

  private static JsonNode listed(RelayFile file) {
    try {
      return new ObjectMapper().readTree(done(file.run("shards list --output json")));
    } catch (IOException e) {
      throw new IllegalStateException("no JSON was shown", e);
    }
  }

  private static List<String> write(RelayFixture fixture, int shard, int events)
      throws SQLException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      OutboxEvent event = RelayFixture.chat("r", "{}");
      fixture.write(shard, event);
      ids.add(event.id().toString());
    }
    return ids;
  }

  private static boolean hasEngine(String source) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(thread -> thread.getThreadGroup())
        .anyMatch(group -> group != null && group.getName().contains("sluice-" + source));
  }

  @Test
  void aShardIsAddedWhileTheOthersAreRelayed(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "add", 2);
    RelayFile one = RelayFile.write(folder, fixture.config(), 0);
    RelayFile two = RelayFile.write(folder, fixture.config(), 0, 1);
    done(one.run("shards add s0"));
    assertTrue(refused(one.run("shards add s1")).contains("not in the configuration"));
    assertEquals("NOT_REGISTERED", listed(two).get(1).get("phase").asText());

    try (Relay relay = RelayFixture.relay(one.read());
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      List<String> written = new ArrayList<>(write(fixture, 0, 20));
      assertTrue(done(two.run("shards add s1")).contains("shard 's1': ready"));
      written.addAll(write(fixture, 1, 20));
      relay.configure(two.read().shards());
      written.addAll(write(fixture, 0, 20));

      List<String> relayed = TopicReader.ids(topic.await(60));
      assertEquals(written.stream().sorted().toList(), relayed.stream().sorted().toList());
      Await.until(() -> listed(two).get(1).get("state").asText().equals("RUNNING"));
      JsonNode added = listed(two).get(1);
      assertEquals("ACTIVE", added.get("phase").asText());
      assertTrue(added.get("owner").get("host").asText().contains("127.0.0.1"));
      assertFalse(added.get("position").asText().isEmpty());
    }
  }

  @Test
  void aShardIsDrainedResumedAndRemoved(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "drain", 2);
    RelayFile both = RelayFile.write(folder, fixture.config(), 0, 1);
    RelayFile other = RelayFile.write(folder, fixture.config(), 1);
    fixture.provision();

    try (Relay relay = RelayFixture.relay(both.read());
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      List<String> written = new ArrayList<>(write(fixture, 0, 200));
      assertTrue(refused(both.run("shards remove s0")).contains("drain it first"));
      assertTrue(done(both.run("shards drain s0 --wait 2m")).contains("'s0': drained"));
      Await.until(() -> !hasEngine("s0"));
      assertEquals(written, TopicReader.ids(topic.await(200)));

      written.addAll(write(fixture, 0, 1));
      written.addAll(write(fixture, 1, 1));
      assertEquals(written.get(201), TopicReader.ids(topic.await(201)).get(200));
      assertFalse(hasEngine("s0"));
      assertEquals(ShardState.DRAINED, relay.states().get(S0));
      assertEquals("DRAINED", listed(both).get(0).get("phase").asText());
      assertEquals(1, relay.statistics().of(S0).count(Counter.TAKEOVERS));

      done(both.run("shards resume s0"));
      assertEquals(written.get(200), TopicReader.ids(topic.await(202)).get(201));

      done(both.run("shards drain s0 --wait 2m"));
      assertTrue(refused(both.run("shards remove s0")).contains("still configured"));
      relay.configure(other.read().shards());
      assertTrue(done(other.run("shards remove s0")).contains("'s0': removed"));
      assertEquals(1, listed(other).size());
      assertEquals(Set.of(), historyTopics(sandbox, fixture, "s0"));
      assertEquals(ShardState.RUNNING, relay.states().get(ShardId.of("s1")));
    }
  }

  private static Set<String> historyTopics(Sandbox sandbox, RelayFixture fixture, String shard)
      throws Exception {
    String prefix = fixture.config().identity().topics().schemaHistory(ShardId.of(shard), "");
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()))) {
      Set<String> names = admin.listTopics().names().get(30, TimeUnit.SECONDS);
      names.removeIf(name -> !name.startsWith(prefix));
      return names;
    }
  }

  @Test
  void aDrainThatTakesTooLongReportsTheOwner(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "late", 1);
    RelayFile file = RelayFile.write(folder, fixture.config(), 0);
    fixture.provision();

    assertTrue(
        refused(file.run("shards drain s0 --wait 1s"))
            .contains("still draining after 1s; no relay owns it"));
    assertEquals("DRAINING", listed(file).get(0).get("phase").asText());
  }

  @Test
  void aShardIsReadFromAnotherAddress(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "move", 1);
    RelayFile file = RelayFile.write(folder, fixture.config(), 0);
    fixture.provision();
    String present = fixture.source(0).server().host();
    String other = present.equals("localhost") ? "127.0.0.1" : "localhost";
    int port = fixture.source(0).server().port();

    try (Relay relay = RelayFixture.relay(file.read());
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      List<String> written = new ArrayList<>(write(fixture, 0, 20));
      topic.await(20);
      assertTrue(
          refused(file.run("shards re-point s0 --host localhost --port 1"))
              .contains("at localhost:1"));
      assertFalse(listed(file).get(0).has("moved"));

      assertTrue(
          done(file.run("shards re-point s0 --host %s --port %d".formatted(other, port)))
              .contains("nothing is lost or repeated"));
      assertEquals(other + ":" + port, listed(file).get(0).get("moved").asText());
      awaitTakeovers(relay, 2);
      written.addAll(write(fixture, 0, 20));
      topic.await(40);

      assertTrue(done(file.run("shards re-point s0 --back")).contains("as configured"));
      assertFalse(listed(file).get(0).has("moved"));
      awaitTakeovers(relay, 3);
      written.addAll(write(fixture, 0, 20));
      assertEquals(written, TopicReader.ids(topic.await(60)));
    }
  }

  private static void awaitTakeovers(Relay relay, long count) {
    Await.until(() -> relay.statistics().of(S0).count(Counter.TAKEOVERS) >= count);
  }

  @Test
  void aLostPositionIsReplacedAfterAnApproval(Sandbox sandbox) throws Exception {
    try (MySqlServer mysql = MySqlServer.start()) {
      RelayFixture fixture = new RelayFixture(sandbox, "heal", mysql);
      RelayFile file =
          RelayFile.write(
              folder, fixture.config(), "healing: {approval: operator, patience: 1ms}\n", 0);
      fixture.provision();
      assertTrue(refused(file.run("shards heal s0")).contains("needs no recovery"));
      List<String> written = new ArrayList<>(write(fixture, 0, 3));
      mysql.binaryLog().rotate();
      mysql.binaryLog().purge();

      try (Relay relay = RelayFixture.relay(file.read());
          TopicReader topic = fixture.reader(EventDomain.CHAT)) {
        relay.start();
        Await.until(() -> relay.states().get(S0) == ShardState.STOPPED);
        Commands doctor = file.run("doctor");
        assertEquals(1, doctor.exitCode(), doctor.output());
        assertTrue(doctor.output().contains("shards heal s0"), doctor.output());

        assertTrue(done(file.run("shards heal s0")).contains("has purged transactions"));

        written.addAll(write(fixture, 0, 1));
        topic.await(4);
        assertEquals(
            written.stream().sorted().toList(),
            TopicReader.ids(topic.await(4)).stream().sorted().toList());
        assertEquals(1, relay.statistics().of(S0).count(Counter.HEALINGS));
      }
    }
  }
}
