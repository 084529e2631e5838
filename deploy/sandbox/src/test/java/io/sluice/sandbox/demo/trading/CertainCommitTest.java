package io.sluice.sandbox.demo.trading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.writer.EventInsertException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CertainCommitTest {

  private final SQLException connectionLost = new SQLException("link failure", "08S01");
  private final SQLException noConnection = new SQLTransientConnectionException("timeout");
  private final SQLException noTable = new SQLException("no such table", "42S02");

  private final OutboxEvent event =
      OutboxEvent.builder(EventDomain.CHAT, "message_sent")
          .aggregate("room", "1")
          .json("1")
          .build();

  private final List<UUID> committed = new ArrayList<>();
  private final Deque<Exception> troubleBeforeCommit = new ArrayDeque<>();
  private final Deque<Exception> troubleAfterCommit = new ArrayDeque<>();
  private final Deque<SQLException> troubleLooking = new ArrayDeque<>();

  private boolean isStored(ShardId shard, UUID id) throws SQLException {
    if (!troubleLooking.isEmpty()) {
      throw troubleLooking.pop();
    }
    return committed.contains(id);
  }

  private void transaction() throws Exception {
    if (!troubleBeforeCommit.isEmpty()) {
      throw troubleBeforeCommit.pop();
    }
    committed.add(event.id());
    if (!troubleAfterCommit.isEmpty()) {
      throw troubleAfterCommit.pop();
    }
  }

  private void commit(Duration patience) throws Exception {
    new CertainCommit(this::isStored, patience).of(ShardId.GLOBAL, event, this::transaction);
  }

  @Test
  void triesAgainWhileTheDatabaseIsAway() throws Exception {
    troubleBeforeCommit.addAll(List.of(noConnection, connectionLost));
    troubleLooking.add(noConnection);

    commit(Duration.ofMinutes(1));

    assertEquals(List.of(event.id()), committed);
  }

  @Test
  void asksTheLibraryWhetherAnEventThatWasRefusedIsWorthAnotherTry() throws Exception {
    SQLException lockWait = new SQLException("lock wait timeout exceeded", "HY000", 1205);
    troubleBeforeCommit.add(new EventInsertException(List.of(event), lockWait));
    commit(Duration.ofMinutes(1));
    assertEquals(List.of(event.id()), committed);

    Exception lasting = new EventInsertException(List.of(event), noTable);
    troubleBeforeCommit.add(lasting);
    assertSame(lasting, assertThrows(Exception.class, () -> commit(Duration.ofMinutes(1))));
  }

  @Test
  void doesNotWriteAgainWhatWasCommittedWithoutAnAnswer() throws Exception {
    troubleAfterCommit.add(
        new IllegalStateException("the commit was not confirmed", connectionLost));
    troubleLooking.add(connectionLost);

    commit(Duration.ofMinutes(1));

    assertEquals(List.of(event.id()), committed);
  }

  @Test
  void givesUpAtOnceWhatDoesNotPass() {
    for (Exception lasting :
        List.of(noTable, new OrderRefusedException("user-1", BigDecimal.TEN))) {
      troubleBeforeCommit.add(lasting);

      assertSame(lasting, assertThrows(Exception.class, () -> commit(Duration.ofMinutes(1))));
      assertEquals(Optional.empty(), committed.stream().findAny());
    }
  }

  @Test
  void givesUpWhenPatienceIsAtItsEnd() {
    troubleBeforeCommit.add(connectionLost);

    assertSame(connectionLost, assertThrows(SQLException.class, () -> commit(Duration.ZERO)));
  }
}
