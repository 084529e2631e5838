package io.sluice.handlers.internal.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Late writes do not change finished rows. */
@SandboxTest
class RowWritesIT {

  private final Connection connection;
  private final OutboxEvent event =
      OutboxEvent.builder(EventDomain.CHAT, "message_sent")
          .aggregate("room", "7")
          .json("{}")
          .build();

  RowWritesIT(Sandbox sandbox) throws SQLException {
    sandbox.database("one").run(OutboxTable.ddl());
    connection = sandbox.database("one").connect();
  }

  @BeforeEach
  void write() throws SQLException {
    connection.setAutoCommit(false);
    new OutboxWriter().append(connection, event);
    connection.commit();
    connection.setAutoCommit(true);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private RowState row() throws SQLException {
    return ((FoundRow.Present) RowReads.one(connection, event.id().toString())).row();
  }

  private void set(String columns) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE outbox_events SET %s WHERE id = ?".formatted(columns))) {
      update.setString(1, event.id().toString());
      assertEquals(1, update.executeUpdate());
    }
  }

  /**
   * Writes the outcome of an attempt that read this row.
   *
   * @return whether the row was changed
   */
  private boolean write(OutboxStatus status, RowState before) throws SQLException {
    RowUpdate update = new RowUpdate(status, before, "late", Instant.now());
    RowRequest.Write write = new RowRequest.Write(event.id().toString(), update, false, row -> {});
    return RowWrites.write(connection, RowWrites.Kind.of(write), List.of(write));
  }

  @Test
  void aLateFailureLeavesWhatIsPublished() throws Exception {
    RowState before = row();
    set("status = 'PUBLISHED', published_at = NOW(6)");
    RowState published = row();

    assertFalse(write(OutboxStatus.RETRY, before));
    assertFalse(write(OutboxStatus.FAILED, before));
    assertEquals(published, row());
  }

  @Test
  void aLateFailureLeavesWhatHasFailed() throws Exception {
    RowState before = row();
    set("status = 'FAILED', last_error = 'another'");
    RowState failed = row();

    assertFalse(write(OutboxStatus.RETRY, before));
    assertEquals(failed, row());
  }

  @Test
  void aLateSuccessLeavesWhatHasFailed() throws Exception {
    RowState before = row();
    set("status = 'FAILED', last_error = 'another'");
    RowState failed = row();

    assertFalse(write(OutboxStatus.PUBLISHED, before));
    assertEquals(failed, row());
  }

  @Test
  void aFailureIsCountedOnce() throws Exception {
    RowState before = row();
    assertTrue(write(OutboxStatus.RETRY, before));
    RowState after = row();
    assertEquals(1, after.retryCount());

    assertFalse(write(OutboxStatus.RETRY, before));
    assertFalse(write(OutboxStatus.FAILED, before));
    assertEquals(after, row());
    assertTrue(write(OutboxStatus.FAILED, after));
    assertEquals(2, row().retryCount());
  }

  @Test
  void whatIsFinishedIsNotParked() throws Exception {
    set("status = 'PUBLISHED', published_at = NOW(6)");
    RowState published = row();

    RowWrites.park(connection, event.id().toString(), "parked behind 1", Instant.now());
    assertEquals(published, row());
  }

  @Test
  void aCountBelowZeroIsReadAsZero() throws Exception {
    set("retry_count = -2");

    assertEquals(0, row().retryCount());
  }

  @Test
  void failedHeadsAreThoseOfTheDomainThatAreNotParked() throws Exception {
    set("status = 'FAILED', last_error = NULL");
    assertTrue(failedHeads(EventDomain.CHAT));
    assertFalse(failedHeads(EventDomain.MARKET));

    set("last_error = 'parked behind 1'");
    assertFalse(failedHeads(EventDomain.CHAT));
    assertEquals(Optional.of("1"), row().parked().map(parked -> parked.head()));
  }

  @Test
  void failedHeadsAreReadToTheLast() throws Exception {
    EventDomain domain = EventDomain.of("MANY");
    List<OutboxEvent> events =
        Stream.generate(
                () ->
                    OutboxEvent.builder(domain, "message_sent")
                        .aggregate("room", "7")
                        .json("{}")
                        .build())
            .limit(1_100)
            .toList();
    connection.setAutoCommit(false);
    new OutboxWriter().append(connection, events);
    connection.commit();
    connection.setAutoCommit(true);
    try (Statement update = connection.createStatement()) {
      update.executeUpdate("UPDATE outbox_events SET status = 'FAILED' WHERE domain = 'MANY'");
    }

    RowRequest.FailedHeads heads = new RowRequest.FailedHeads(domain, found -> {});
    assertTrue(RowReads.addFailedHeads(connection, ShardId.GLOBAL, heads));
    assertTrue(heads.found().size() <= 1_000, "a statement reads a page");
    RowRequest.FailedHeads others = new RowRequest.FailedHeads(EventDomain.MARKET, found -> {});
    assertTrue(RowReads.addFailedHeads(connection, ShardId.GLOBAL, others), "of any domain");
    assertFalse(RowReads.addFailedHeads(connection, ShardId.GLOBAL, heads));
    assertEquals(1_100, heads.found().size());
  }

  private boolean failedHeads(EventDomain domain) throws SQLException {
    RowRequest.FailedHeads heads = new RowRequest.FailedHeads(domain, found -> {});
    assertFalse(RowReads.addFailedHeads(connection, ShardId.GLOBAL, heads));
    return heads.found().containsKey(event.id().toString());
  }
}
