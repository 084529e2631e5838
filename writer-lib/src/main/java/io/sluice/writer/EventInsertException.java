package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * The database refused the insert; nothing is written once the transaction is rolled back. Whether
 * to try it again as a whole, {@link #isTransient} says. The cause is the driver's exception. Where
 * the server refuses a value, its text may quote that, payloads too: it is in the cause alone, not
 * in the message.
 */
public final class EventInsertException extends OutboxWriterException {

  private static final long serialVersionUID = 1;
  private static final int ER_DUP_ENTRY = 1062;
  private static final int ER_NO_SUCH_TABLE = 1146;

  private final List<UUID> eventIds;
  private final boolean passes;

  /** For an {@link EventSink} that is refused. */
  public EventInsertException(List<OutboxEvent> events, SQLException cause) {
    super(
        "%s could not be inserted into %s: %s [SQL state %s,"
                .formatted(
                    description(events), OutboxTable.NAME, reason(cause), cause.getSQLState())
            + " error %d]: %s".formatted(cause.getErrorCode(), advice(cause)),
        cause);
    eventIds = events.stream().map(OutboxEvent::id).toList();
    passes = TransientFailure.is(cause);
  }

  private static String description(List<OutboxEvent> events) {
    if (events.isEmpty()) {
      return "no event";
    }
    OutboxEvent first = events.get(0);
    return "%d event(s), the first %s (%s of %s),"
        .formatted(events.size(), first.id(), first.eventType(), first.domain());
  }

  private static String reason(SQLException cause) {
    return RefusedValue.is(cause)
        ? "a value is refused; the cause says which, and may quote it"
        : String.valueOf(cause.getMessage());
  }

  private static String advice(SQLException cause) {
    return switch (cause.getErrorCode()) {
      case ER_DUP_ENTRY -> "an event with this id was written before; roll back or use a new id";
      case ER_NO_SUCH_TABLE ->
          "create the table in this database with OutboxTable.ddl(), then try again";
      default ->
          TransientFailure.is(cause)
              ? "roll the transaction back, then try all of it again"
              : "roll the transaction back";
    };
  }

  /** The events of the statement that failed. */
  public List<UUID> eventIds() {
    return eventIds;
  }

  @Override
  public boolean isTransient() {
    return passes;
  }
}
