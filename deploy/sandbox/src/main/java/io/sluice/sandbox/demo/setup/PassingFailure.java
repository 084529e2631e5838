package io.sluice.sandbox.demo.setup;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** Classifies failures of a database as transient or permanent. */
public final class PassingFailure {

  private static final String CONNECTION = "08";
  private static final String ROLLED_BACK = "40";

  private PassingFailure() {}

  /**
   * Whether the database does not answer, the connection was lost, or a deadlock rolled back the
   * transaction.
   */
  public static boolean causes(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && passes(sql)) {
        return true;
      }
    }
    return false;
  }

  private static boolean passes(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    // The exception of the pool has no SQLState when no connection became available in time.
    return failure instanceof SQLTransientException
        || state.startsWith(CONNECTION)
        || state.startsWith(ROLLED_BACK);
  }
}
