package io.sluice.outbox;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;

/** Classifies failed statements by MySQL's error code and SQL state. */
public final class MySqlErrors {

  private static final int ER_TOO_MANY_USER_CONNECTIONS = 1203;
  private static final int ER_LOCK_WAIT_TIMEOUT = 1205;
  private static final int ER_LOCK_DEADLOCK = 1213;
  private static final int ER_USER_LIMIT_REACHED = 1226;
  private static final int ER_OPTION_PREVENTS_STATEMENT = 1290;
  private static final int ER_QUERY_INTERRUPTED = 1317;
  private static final int ER_TRUNCATED_WRONG_VALUE_FOR_FIELD = 1366;
  private static final int ER_READ_ONLY_MODE = 1836;
  private static final int ER_CHECK_CONSTRAINT_VIOLATED = 3819;

  private MySqlErrors() {}

  /** Whether a retry of the same transaction can succeed. */
  public static boolean isTransient(SQLException failure) {
    return switch (failure.getErrorCode()) {
      case ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK, ER_QUERY_INTERRUPTED -> true;
      case ER_TOO_MANY_USER_CONNECTIONS, ER_USER_LIMIT_REACHED -> true;
      // The server has become a replica: read_only is the only option that prevents an INSERT.
      case ER_OPTION_PREVENTS_STATEMENT, ER_READ_ONLY_MODE -> true;
      default -> {
        String state = String.valueOf(failure.getSQLState());
        // Lost connections, rollbacks by the server, and failures that the driver or the pool
        // classifies as transient or recoverable.
        yield state.startsWith("08")
            || state.startsWith("40")
            || failure instanceof SQLTransientException
            || failure instanceof SQLRecoverableException;
      }
    };
  }

  /**
   * Whether the server refuses a value of the statement. The message of the failure may then quote
   * the value, so it must not be logged.
   */
  public static boolean isValueRefused(SQLException failure) {
    return switch (failure.getErrorCode()) {
      case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, ER_CHECK_CONSTRAINT_VIOLATED -> true;
      default -> {
        String state = String.valueOf(failure.getSQLState());
        // Warnings raised to errors, data exceptions, constraint violations, and SIGNAL in
        // triggers.
        yield state.startsWith("01")
            || state.startsWith("22")
            || state.startsWith("23")
            || state.startsWith("45");
      }
    };
  }
}
