package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.ConfigVariants;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.TopicReader;
import io.sluice.relay.admin.RegistryEditor;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.group.ShardOwners;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.recovery.RecoverySettings;
import io.sluice.relay.recovery.RecoverySettings.Approval;
import io.sluice.relay.shard.ShardState;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.PositionReader;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.StoredPosition;
import io.sluice.sandbox.junit.Sandbox;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One shard, its committed events and an audit of its topics, for tests that lose its position.
 * Used by one thread.
 */
final class LostPositionCase implements AutoCloseable {

  static final Duration BOUND = Duration.ofMinutes(2);
  static final ShardId SHARD = ShardId.of("s0");

  private static final int PARTITION = 0;

  private final RelayFixture fixture;
  private final Committed committed = new Committed();
  private final NumberedEvents events;
  private final TopicAudit audit;

  private LostPositionCase(RelayFixture fixture, String name) {
    this.fixture = fixture;
    this.events = new NumberedEvents(fixture, 0, name, committed);
    this.audit = TopicAudit.open(fixture);
  }

  /** Creates and provisions the shard. */
  static LostPositionCase on(Sandbox sandbox, String name) throws SQLException {
    RelayFixture fixture = new RelayFixture(sandbox, name, 1);
    fixture.provision();
    return new LostPositionCase(fixture, name);
  }

  RelayFixture fixture() {
    return fixture;
  }

  Committed committed() {
    return committed;
  }

  InternalTopics topics() {
    return fixture.config().identity().topics();
  }

  void commit(int events) throws SQLException {
    this.events.commit(events);
  }

  /** Starts a relay. */
  Relay start(Approval approval) {
    Relay relay = RelayFixture.relay(config(fixture, approval));
    relay.start();
    return relay;
  }

  static RelayConfig config(RelayFixture fixture, Approval approval) {
    return ConfigVariants.with(
        fixture.config(), new RecoverySettings(approval, Duration.ofMillis(100)));
  }

  /** Relays for a while and stops cleanly. Without handlers the rows stay PENDING. */
  void relayAndStop() throws SQLException {
    try (Relay relay = start(Approval.AUTOMATIC)) {
      for (int transaction = 0; transaction < 3; transaction++) {
        commit(10);
      }
      awaitAll();
      assertEquals(0, relay.statistics().of(SHARD).count(Counter.HEALINGS));
    }
  }

  void relayAgain() throws SQLException {
    commit(5);
    awaitAll();
  }

  /** Waits until all events committed so far are on the topics. */
  void awaitAll() {
    audit.await(committed, BOUND);
  }

  int seen() {
    return audit.seen();
  }

  /** Checks that each committed event is there once. Call it when no relay runs. */
  void assertHolds() {
    audit.assertHolds(committed);
  }

  /** Checks how many records are marked as published from the table because of a gap. */
  void assertReplayed(int expected) {
    List<ConsumerRecord<String, byte[]>> replayed =
        committed.byAggregate().values().stream()
            .flatMap(List::stream)
            .flatMap(id -> audit.of(id).stream())
            .filter(record -> !TopicReader.header(record, "outbox-replay").equals("(none)"))
            .toList();
    assertEquals(expected, replayed.size());
    replayed.forEach(record -> assertEquals("gap", TopicReader.header(record, "outbox-replay")));
  }

  static void awaitStopped(Relay relay) {
    Await.until(BOUND, "STOPPED", () -> relay.states().get(SHARD) == ShardState.STOPPED);
  }

  /** The last report of the shard's owner. */
  String report() {
    return Optional.ofNullable(
            new ShardOwners(fixture.config().kafka(), topics().relays(), topics().positions())
                .read()
                .get(PARTITION))
        .map(ShardOwners.Owner::state)
        .orElse("");
  }

  /** Approves the replacement of the current position. */
  void approve() {
    RegistryEditor registry = new RegistryEditor(fixture.config().kafka(), topics());
    String token = PositionRecovery.token(position().map(StoredPosition::position));
    registry.edit(
        present ->
            List.of(
                registry.record(Objects.requireNonNull(present.get(SHARD)).withApproval(token))));
  }

  Optional<StoredPosition> position() {
    return PositionReader.read(fixture.config().kafka(), slot());
  }

  private PositionSlot slot() {
    return topics().slot(SHARD, PARTITION);
  }

  void deletePosition() throws Exception {
    assertTrue(position().isPresent());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", fixture.config().kafka().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(slot().removal()).get(30, TimeUnit.SECONDS);
    }
    assertEquals(Optional.empty(), position());
  }

  void deleteTopic(String topic) throws Exception {
    deleteTopic(fixture, topic);
  }

  static void deleteTopic(RelayFixture fixture, String topic) throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", fixture.sandbox().kafka().bootstrapServers()))) {
      admin.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    audit.close();
  }
}
