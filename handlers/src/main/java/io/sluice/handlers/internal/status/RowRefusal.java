package io.sluice.handlers.internal.status;

import java.sql.SQLException;

/** The reason why a statement on rows was refused, by scope: a row, the server or the shard. */
public enum RowRefusal {

  /** Another transaction has locked a row. */
  LOCKED,

  /** A row cannot be read, or does not allow the change. */
  INVALID,

  /** The scope is a row or the shard. It is a row if a statement on an absent row succeeds. */
  UNKNOWN,

  /** The server is not the shard's primary. A new connection may lead to the primary. */
  READ_ONLY,

  /** The shard fails every statement until the cause is fixed. */
  NONE;

  static final String DATA_EXCEPTION = "22000";

  /** The SQL state of the driver's own exception for a value that it cannot convert. */
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
      // --read-only is the only option that prevents a plain UPDATE.
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
    // Data exceptions, integrity constraints, and SIGNAL in triggers.
    if (state.startsWith("22") || state.startsWith("23") || state.equals("45000")) {
      return INVALID;
    }
    if (state.equals(ILLEGAL_ARGUMENT)) {
      return INVALID;
    }
    // Class 08 means connections, and 42 missing or forbidden objects. Rows can cause any other
    // state: MySQL has no class for a character that a column cannot store (1366), and triggers can
    // signal any state.
    return state.startsWith("08") || state.startsWith("42") ? NONE : UNKNOWN;
  }

  /** Whether a read-only server is the cause, at any depth. */
  public static boolean isReadOnlyBehind(Throwable failure) {
    Throwable cause = failure;
    // A chain of causes can be a cycle.
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof SQLException sql && of(sql) == READ_ONLY) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** Creates the exception for a server that is read-only. */
  static SQLException readOnly() {
    return new SQLException(
        "the server is read-only, hence not the shard's primary", "HY000", ER_READ_ONLY_MODE);
  }
}
