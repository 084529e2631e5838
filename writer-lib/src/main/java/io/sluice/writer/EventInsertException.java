package io.sluice.writer;

import io.sluice.outbox.MySqlErrors;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * The database refused the insert. The transaction must be rolled back; {@link #isTransient} says
 * whether a retry can succeed. The cause is the driver's exception. If the server refuses a value,
 * the message of the cause may quote it, even a payload; the message of this exception does not.
 */
public final class EventInsertException extends OutboxWriterException {

  private static final long serialVersionUID = 1;
  private static final int ER_NO_DB_ERROR = 1046;
  private static final int ER_BAD_FIELD_ERROR = 1054;
  private static final int ER_DUP_ENTRY = 1062;
  private static final int ER_TABLEACCESS_DENIED = 1142;
  private static final int ER_COLUMNACCESS_DENIED = 1143;
  private static final int ER_NO_SUCH_TABLE = 1146;
  private static final int ER_NO_DEFAULT_FOR_FIELD = 1364;
  private static final int ER_READ_ONLY_TRANSACTION = 1792;

  private final List<UUID> eventIds;
  private final boolean isTransient;

  /** Used by implementations of {@link EventSink}. */
  public EventInsertException(List<OutboxEvent> events, SQLException cause) {
    super(
        "%s could not be inserted into %s: %s [SQL state %s,"
                .formatted(
                    description(events), OutboxTable.NAME, reason(cause), cause.getSQLState())
            + " error %d]: %s".formatted(cause.getErrorCode(), advice(cause)),
        cause);
    eventIds = events.stream().map(OutboxEvent::id).toList();
    isTransient = MySqlErrors.isTransient(cause);
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
    return MySqlErrors.isValueRefused(cause)
        ? "it refuses a value; see the cause, which may quote the value"
        : String.valueOf(cause.getMessage());
  }

  private static String advice(SQLException cause) {
    return switch (cause.getErrorCode()) {
      case ER_DUP_ENTRY -> "an event with this id exists; roll back or use a new id";
      case ER_NO_SUCH_TABLE ->
          "create the table in this database with OutboxTable.ddl() or the statement that"
              + " 'sluice-relay ddl' prints, then try again";
      case ER_BAD_FIELD_ERROR ->
          "the table lacks a column: add it as in OutboxTable.ddl() or as 'sluice-relay ddl'"
              + " prints it, then try again";
      case ER_NO_DB_ERROR -> "the connection has no database: name the shard's database in its URL";
      case ER_TABLEACCESS_DENIED, ER_COLUMNACCESS_DENIED -> "grant the account INSERT on the table";
      case ER_READ_ONLY_TRANSACTION -> "roll back, and begin a transaction that may write";
      case ER_NO_DEFAULT_FOR_FIELD ->
          "a column that Sluice does not know has no value: give it a default, or let it be NULL";
      default ->
          MySqlErrors.isTransient(cause)
              ? "roll the transaction back, then try the whole transaction again"
              : "roll the transaction back";
    };
  }

  /** The ids of the events in the failed statement. */
  public List<UUID> eventIds() {
    return eventIds;
  }

  @Override
  public boolean isTransient() {
    return isTransient;
  }
}
