package io.sluice.writer;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;

/** Tells what passes, so that a transaction may be tried again, from what is wrong with it. */
final class TransientFailure {

  private static final int ER_TOO_MANY_USER_CONNECTIONS = 1203;
  private static final int ER_LOCK_WAIT_TIMEOUT = 1205;
  private static final int ER_LOCK_DEADLOCK = 1213;
  private static final int ER_USER_LIMIT_REACHED = 1226;
  private static final int ER_OPTION_PREVENTS_STATEMENT = 1290;
  private static final int ER_QUERY_INTERRUPTED = 1317;
  private static final int ER_READ_ONLY_MODE = 1836;

  private TransientFailure() {}

  static boolean is(SQLException failure) {
    return switch (failure.getErrorCode()) {
      case ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK, ER_QUERY_INTERRUPTED -> true;
      case ER_TOO_MANY_USER_CONNECTIONS, ER_USER_LIMIT_REACHED -> true;
      // The server has become a replica: of an INSERT that is the one option that prevents it.
      case ER_OPTION_PREVENTS_STATEMENT, ER_READ_ONLY_MODE -> true;
      default -> isOfTransientKind(failure);
    };
  }

  /** Connections, transactions rolled back by the server, and what the driver or a pool says. */
  private static boolean isOfTransientKind(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return state.startsWith("08")
        || state.startsWith("40")
        || failure instanceof SQLTransientException
        || failure instanceof SQLRecoverableException;
  }
}
