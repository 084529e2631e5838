package io.sluice.relay.fault;

import io.sluice.outbox.OutboxEvent;
import io.sluice.relay.RelayFixture;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Makes events of a few aggregates of its own, numbered, and commits them. Used by one thread. */
final class NumberedEvents {

  /** So many, numbered in the names of their aggregates by the rest of their own numbers. */
  static final int AGGREGATES = 5;

  private final RelayFixture fixture;
  private final int shard;
  private final String name;
  private final Committed committed;
  private long next;

  /**
   * Events of a shard.
   *
   * @param name unique in the test: begins the names of the aggregates
   */
  NumberedEvents(RelayFixture fixture, int shard, String name, Committed committed) {
    this.fixture = fixture;
    this.shard = shard;
    this.name = name;
    this.committed = committed;
  }

  /** The next events, to be committed in this order. */
  List<OutboxEvent> next(int count) {
    List<OutboxEvent> events = new ArrayList<>(count);
    LongStream.range(next, next + count)
        .forEach(
            number ->
                events.add(
                    RelayFixture.chat(name + "-" + number % AGGREGATES, "{\"n\":" + number + "}")));
    next += count;
    return events;
  }

  /** Commits so many in one transaction, each by a statement and so an event of its own. */
  void commitOneByOne(int count) throws SQLException {
    List<OutboxEvent> events = next(count);
    try (Connection connection = fixture.connect(shard)) {
      for (OutboxEvent event : events) {
        fixture.append(connection, event);
      }
      connection.commit();
    }
    committed.add(events);
  }

  /** Commits so many in one transaction. */
  void commit(int count) throws SQLException {
    try (Connection connection = fixture.connect(shard)) {
      commit(connection, count);
    }
  }

  /** The same on a connection that is open. */
  void commit(Connection connection, int count) throws SQLException {
    List<OutboxEvent> events = next(count);
    fixture.append(connection, events.toArray(OutboxEvent[]::new));
    connection.commit();
    committed.add(events);
  }
}
