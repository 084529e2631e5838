package io.sluice.handlers.internal.table;

import java.sql.SQLException;

/**
 * Why a statement can fail for the sake of one of its rows, so that others need not wait; all else
 * is the shard's trouble, and passes or not for all rows alike.
 */
public enum RowRefusal {

  /** Somebody else holds a row. */
  LOCKED,

  /** A row is not to be read, or not to be changed like this. */
  INVALID,

  /** It is the shard's trouble. */
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
    // Data exceptions, integrity constraints, and what a trigger signals.
    return state != null
            && (state.startsWith("22") || state.startsWith("23") || state.equals("45000"))
        ? INVALID
        : NONE;
  }
}
