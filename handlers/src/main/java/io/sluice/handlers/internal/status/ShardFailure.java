package io.sluice.handlers.internal.status;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Describes why a shard cannot be read or written. Pools hide the reason of the server or driver
 * behind their own message.
 */
final class ShardFailure {

  /** A chain of causes can be a cycle. */
  private static final int DEEPEST = 10;

  private static final int ER_DBACCESS_DENIED = 1044;
  private static final int ER_ACCESS_DENIED = 1045;
  private static final int ER_BAD_DB = 1049;
  private static final int ER_NO_SUCH_TABLE = 1146;

  private ShardFailure() {}

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    Throwable next = failure;
    while (next != null && chain.size() < DEEPEST) {
      chain.add(next);
      next = next.getCause();
    }
    return chain;
  }

  /** The failures of the server or its connection, the outermost first. */
  private static List<SQLException> ofTheServer(Throwable failure) {
    return chain(failure).stream()
        .filter(SQLException.class::isInstance)
        .map(SQLException.class::cast)
        .filter(sql -> sql.getSQLState() != null)
        .toList();
  }

  /** Whether only the data source has failed to give a connection, and the server did not. */
  static boolean isOfThePool(SQLException failure) {
    return ofTheServer(failure).isEmpty();
  }

  /** Returns the messages of the failure and its causes, with state and number of the last one. */
  static String describe(SQLException failure) {
    String messages =
        chain(failure).stream()
            .map(cause -> Objects.requireNonNullElse(cause.getMessage(), cause.toString()))
            .map(String::strip)
            .distinct()
            .collect(Collectors.joining(": caused by: "));
    List<SQLException> known = ofTheServer(failure);
    SQLException last = known.isEmpty() ? failure : known.get(known.size() - 1);
    return "%s [SQL state %s, error %d]"
        .formatted(messages, last.getSQLState(), last.getErrorCode());
  }

  /** Returns what an operator should do. */
  static String remedy(SQLException failure) {
    for (SQLException known : ofTheServer(failure)) {
      switch (known.getErrorCode()) {
        case ER_ACCESS_DENIED, ER_DBACCESS_DENIED -> {
          return "correct the account, password or grants of the shard's data source";
        }
        case ER_BAD_DB, ER_NO_SUCH_TABLE -> {
          return "see whether the shard's data source leads to its database, and whether that has"
              + " the table outbox_events";
        }
        default -> {
          if (known.getSQLState().startsWith("08")) {
            return "see whether the server runs, and whether the URL of the shard's data source"
                + " leads to it";
          }
        }
      }
    }
    return isOfThePool(failure)
        ? "see whether the pool is open and large enough, and whether the server runs"
        : "correct what the message names";
  }
}
