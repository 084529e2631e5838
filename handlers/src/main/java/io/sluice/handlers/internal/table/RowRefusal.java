package io.sluice.handlers.internal.table;

import java.sql.SQLException;

/** Whose fault it is that a statement on several rows has failed. */
public enum RowRefusal {

  /** Somebody else holds a row. */
  LOCKED,

  /** A row is not to be read, or not to be changed like this. */
  INVALID,

  /** A row's or the shard's: the row's, if a statement on nobody's row is not refused. */
  UNKNOWN,

  /** The server's: it is not the shard's primary, or no more. Another connection may lead there. */
  READ_ONLY,

  /** The shard's: it passes, or not, for all rows alike. */
  NONE;

  static final String DATA_EXCEPTION = "22000";

  /** What MySQL's driver cannot make of a column, or a column of, what it is asked for. */
  private static final String ILLEGAL_ARGUMENT = "S1009";

  private static final int DEEPEST = 20;

  private static final int ER_DISK_FULL = 1021;
  private static final int ER_ERROR_ON_WRITE = 1026;
  private static final int ER_GET_ERRNO = 1030;
  private static final int ER_RECORD_FILE_FULL = 1114;
  private static final int ER_ERROR_DURING_COMMIT = 1180;
  private static final int ER_LOCK_WAIT_TIMEOUT = 1205;
  private static final int ER_LOCK_DEADLOCK = 1213;
  private static final int ER_CANT_UPDATE_WITH_READLOCK = 1223;
  private static final int ER_OPTION_PREVENTS_STATEMENT = 1290;
  private static final int ER_BINLOG_LOGGING_IMPOSSIBLE = 1598;
  private static final int ER_READ_ONLY_MODE = 1836;
  private static final int ER_RUN_HOOK_ERROR = 3100;
  private static final int ER_CHECK_CONSTRAINT_VIOLATED = 3819;

  public static RowRefusal of(SQLException failure) {
    return switch (failure.getErrorCode()) {
      case ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK -> LOCKED;
      case ER_CHECK_CONSTRAINT_VIOLATED -> INVALID;
      // Of a plain UPDATE there is one option that prevents it.
      case ER_OPTION_PREVENTS_STATEMENT, ER_READ_ONLY_MODE -> READ_ONLY;
      case ER_DISK_FULL, ER_ERROR_ON_WRITE, ER_GET_ERRNO, ER_RECORD_FILE_FULL -> NONE;
      case ER_ERROR_DURING_COMMIT, ER_CANT_UPDATE_WITH_READLOCK -> NONE;
      case ER_BINLOG_LOGGING_IMPOSSIBLE, ER_RUN_HOOK_ERROR -> NONE;
      default -> byState(failure.getSQLState());
    };
  }

  private static RowRefusal byState(String state) {
    if (state == null) {
      return NONE;
    }
    // Data exceptions, integrity constraints, and what a trigger signals.
    if (state.startsWith("22") || state.startsWith("23") || state.equals("45000")) {
      return INVALID;
    }
    if (state.equals(ILLEGAL_ARGUMENT)) {
      return INVALID;
    }
    // Connections, and what is missing or forbidden. What else there is may be one row's: MySQL has
    // no class for a character that a column's set lacks (1366), a trigger one of its own.
    return state.startsWith("08") || state.startsWith("42") ? NONE : UNKNOWN;
  }

  /** Whether a server that takes no writes is behind this, whatever others made of it. */
  public static boolean isReadOnlyBehind(Throwable failure) {
    Throwable cause = failure;
    // So deep, for chains may be rings.
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof SQLException sql && of(sql) == READ_ONLY) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** As a server refuses a write, for one that was only asked. */
  static SQLException readOnly() {
    return new SQLException(
        "the server is read-only, hence not the shard's primary", "HY000", ER_READ_ONLY_MODE);
  }
}
