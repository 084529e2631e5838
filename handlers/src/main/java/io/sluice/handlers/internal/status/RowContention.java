package io.sluice.handlers.internal.status;

import java.sql.SQLException;

/** Tells a row that others hold from a shard that is away: the one passes unnoticed by the rest. */
public final class RowContention {

  private static final int ER_LOCK_WAIT_TIMEOUT = 1205;
  private static final int ER_LOCK_DEADLOCK = 1213;

  private RowContention() {}

  /** Whether the statement failed because of locks on its row. */
  public static boolean causes(SQLException failure) {
    return switch (failure.getErrorCode()) {
      case ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK -> true;
      default -> false;
    };
  }
}
