package io.sluice.relay.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.TestTimings;
import io.sluice.relay.mysql.KeptConnection;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.publish.Pace;
import io.sluice.relay.publish.Publisher;
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.PendingWork;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.WorkItem.MarkFailed;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SandboxTest
class StatusMarkerIT {

  private static final ShardId S0 = ShardId.of("s0");

  private final KeptConnection kept = new KeptConnection();

  @AfterEach
  void close() {
    kept.close();
  }

  @Test
  void anOutcomeFromBeforeARedriveIsNotWrittenToTheNewRow(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "copies", 1);
    OutboxEvent redriven =
        OutboxEvent.builder(EventDomain.CHAT, "message_sent")
            .aggregate("room", "r")
            .json("{}")
            .header("outbox-redrive", "1")
            .build();
    fixture.write(0, redriven);
    String id = redriven.id().toString();
    assertEquals(0, markPublished(fixture, new EventCopy(id, "")));
    markFailed(fixture, new MarkFailed(S0, id, Optional.of(""), "too large"));
    assertEquals("PENDING", status(fixture));

    assertEquals(1, markPublished(fixture, new EventCopy(id, "1")));
    assertEquals("PUBLISHED", status(fixture));
  }

  /** The header is found in any object of strings, and nowhere else. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"outbox-redrive\":\"12\"} | 12",
        "{\"a\":\"\",\"outbox-redrive\": \"1\",\"z\":\"outbox-redrive\"} | 1",
        "{\"a\":\"outbox-redrive\",\"Outbox-Redrive\":\"7\"} | ``",
        "{\"a\":\"{\\\"outbox-redrive\\\":\\\"7\\\"}\"} | ``",
        "{} | ``",
        "null | ``"
      })
  void theCountOfRedrivesIsReadFromTheHeaders(String headers, String count, Sandbox sandbox)
      throws Exception {
    for (String type : List.of("JSON", "LONGTEXT")) {
      RelayFixture fixture = new RelayFixture(sandbox, "counts", 1);
      OutboxEvent event = RelayFixture.chat("r", "{}");
      fixture.database(0).run("ALTER TABLE outbox_events MODIFY headers %s NULL".formatted(type));
      fixture.database(0).run("DELETE FROM outbox_events");
      fixture.write(0, event);
      try (Connection connection = fixture.database(0).connect();
          PreparedStatement update =
              connection.prepareStatement("UPDATE outbox_events SET headers = ?")) {
        update.setString(1, headers);
        update.executeUpdate();
      }

      assertEquals(0, markPublished(fixture, new EventCopy(event.id().toString(), "other")));
      assertEquals(1, markPublished(fixture, new EventCopy(event.id().toString(), count)));
    }
  }

  @Test
  void aRowWithOnlyAReadableIdIsMarkedFailed(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "unread", 1);
    OutboxEvent event = RelayFixture.chat("r", "{}");
    fixture.write(0, event);

    markFailed(fixture, new MarkFailed(S0, event.id().toString(), Optional.empty(), "no event"));

    assertEquals("FAILED", status(fixture));
  }

  /** The work item of the locked row stays open, and is tried again. */
  @Test
  void aLockedRowDoesNotDelayOthers(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "locked", 1);
    OutboxEvent locked = RelayFixture.chat("r", "{}");
    OutboxEvent other = RelayFixture.chat("r", "{}");
    fixture.write(0, locked, other);
    PendingWork pendingWork =
        new PendingWork(
            List.of(
                new MarkFailed(S0, locked.id().toString(), Optional.empty(), "no event"),
                new MarkFailed(S0, other.id().toString(), Optional.empty(), "no event")));

    try (Connection holder = fixture.connect(0);
        Statement statement = holder.createStatement()) {
      statement.execute(
          "SELECT * FROM outbox_events WHERE id = '%s' FOR UPDATE".formatted(locked.id()));
      try {
        marker(fixture, pendingWork, new Completions(), new ShardStatistics()).markFailed();
      } catch (SQLException e) {
        assertEquals(1205, e.getErrorCode()); // the lock is a reason to report
      }
      assertEquals("FAILED", status(fixture, other.id()));
      assertEquals(1, pendingWork.count(MarkFailed.class));
    }
  }

  @Test
  void aLockedRowDoesNotDelayOthersThatArePublished(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "locked_published", 1);
    OutboxEvent locked = RelayFixture.chat("r", "{}");
    OutboxEvent other = RelayFixture.chat("r", "{}");
    fixture.write(0, locked, other);
    Completions completions = new Completions();
    for (OutboxEvent event : List.of(locked, other)) {
      completions.addAll(List.of(new Completed(S0, new EventCopy(event.id().toString(), ""))));
    }
    StatusMarker marker =
        marker(fixture, new PendingWork(List.of()), completions, new ShardStatistics());

    try (Connection holder = fixture.connect(0);
        Statement statement = holder.createStatement()) {
      statement.execute(
          "SELECT * FROM outbox_events WHERE id = '%s' FOR UPDATE".formatted(locked.id()));
      assertThrows(SQLException.class, marker::markPublished);
      assertEquals("PUBLISHED", status(fixture, other.id()));
    }
    marker.markPublished();
    assertEquals("PUBLISHED", status(fixture, locked.id()));
  }

  /** More rows than are marked together. */
  @Test
  void rowsThatTheServerRefusesToUpdateDoNotDelayOthers(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "guarded", 1);
    fixture
        .database(0)
        .run(
            "ALTER TABLE outbox_events ADD CHECK (status <> 'FAILED' OR aggregate_id <> 'guarded')");
    List<OutboxEvent> events = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      events.add(RelayFixture.chat("guarded", "{}"));
    }
    OutboxEvent last = RelayFixture.chat("r", "{}");
    events.add(last);
    fixture.write(0, events.toArray(OutboxEvent[]::new));
    PendingWork pendingWork = new PendingWork(List.of());
    for (OutboxEvent event : events) {
      pendingWork.addAll(
          List.of(new MarkFailed(S0, event.id().toString(), Optional.empty(), "no event")));
    }
    StatusMarker marker = marker(fixture, pendingWork, new Completions(), new ShardStatistics());

    assertThrows(SQLException.class, marker::markFailed);
    marker.markFailed();

    assertEquals("FAILED", status(fixture, last.id()));
    assertEquals(250, pendingWork.count(MarkFailed.class));
  }

  private long markPublished(RelayFixture fixture, EventCopy event) throws SQLException {
    Completions completions = new Completions();
    completions.addAll(List.of(new Completed(S0, event)));
    ShardStatistics statistics = new ShardStatistics();
    marker(fixture, new PendingWork(List.of()), completions, statistics).markPublished();
    return statistics.count(Counter.COMPLETED_EVENTS);
  }

  private void markFailed(RelayFixture fixture, MarkFailed row) throws SQLException {
    PendingWork pendingWork = new PendingWork(List.of(row));
    marker(fixture, pendingWork, new Completions(), new ShardStatistics()).markFailed();
    assertEquals(0, pendingWork.count(MarkFailed.class));
  }

  private StatusMarker marker(
      RelayFixture fixture,
      PendingWork pendingWork,
      Completions completions,
      ShardStatistics statistics) {
    PositionSlot slot = fixture.config().identity().topics().slot(S0, 0);
    return new StatusMarker(
        TableAccess.maintained(fixture.source(0)),
        kept,
        new Destination(slot, new NoPublisher(), new Pace(), pendingWork, completions),
        statistics,
        TestTimings.MAINTENANCE);
  }

  /** Accepts all records. */
  private static final class NoPublisher implements Publisher {
    @Override
    public void publish(
        List<ProducerRecord<byte[], byte[]>> events, List<ProducerRecord<byte[], byte[]>> state) {}

    @Override
    public Optional<Throwable> failure() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private static String status(RelayFixture fixture) {
    return fixture.text(0, "SELECT status FROM outbox_events");
  }

  private static String status(RelayFixture fixture, UUID id) {
    return fixture.text(0, "SELECT status FROM outbox_events WHERE id = '%s'".formatted(id));
  }
}
