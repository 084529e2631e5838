package io.sluice.relay.fault;

import io.sluice.outbox.OutboxEvent;
import io.sluice.relay.RelayFixture;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Creates and commits numbered events of some aggregates. Used by one thread. */
final class NumberedEvents {

  /** Number of aggregates. The aggregate of an event is its number modulo this. */
  static final int AGGREGATES = 5;

  private final RelayFixture fixture;
  private final int shard;
  private final String name;
  private final Committed committed;
  private long next;

  /**
   * Creates events of a shard.
   *
   * @param name prefix of the aggregates' names, unique in the test
   */
  NumberedEvents(RelayFixture fixture, int shard, String name, Committed committed) {
    this.fixture = fixture;
    this.shard = shard;
    this.name = name;
    this.committed = committed;
  }

  /** Returns the next events, to be committed in this order. */
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

  /** Commits events in one transaction, each inserted by a separate statement. */
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

  /** Commits events in one transaction. */
  void commit(int count) throws SQLException {
    try (Connection connection = fixture.connect(shard)) {
      commit(connection, count);
    }
  }

  /** Commits events in one transaction on an open connection. */
  void commit(Connection connection, int count) throws SQLException {
    List<OutboxEvent> events = next(count);
    fixture.append(connection, events.toArray(OutboxEvent[]::new));
    connection.commit();
    committed.add(events);
  }
}
