package io.sluice.handlers.internal.table;

import java.sql.SQLException;

/** Whose fault it is that a statement on several rows has failed. */
public enum RowRefusal {

  /** Somebody else holds a row. */
  LOCKED,

  /** A row is not to be read, or not to be changed like this. */
  INVALID,

  /** A row's or the shard's: the shard's, if each row alone is refused as well. */
  UNKNOWN,

  /** The shard's: it passes, or not, for all rows alike. */
  NONE;

  static final String DATA_EXCEPTION = "22000";

  private static final int ER_LOCK_WAIT_TIMEOUT = 1205;
  private static final int ER_LOCK_DEADLOCK = 1213;
  private static final int ER_CHECK_CONSTRAINT_VIOLATED = 3819;

  public static RowRefusal of(SQLException failure) {
    return switch (failure.getErrorCode()) {
      case ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK -> LOCKED;
      case ER_CHECK_CONSTRAINT_VIOLATED -> INVALID;
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
    // What MySQL has no class for, such as a character that a column's set lacks (1366).
    return state.equals("HY000") ? UNKNOWN : NONE;
  }
}
