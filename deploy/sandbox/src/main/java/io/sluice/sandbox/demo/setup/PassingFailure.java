package io.sluice.sandbox.demo.setup;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** Tells failures of a database that pass by themselves from those that do not. */
public final class PassingFailure {

  private static final String CONNECTION = "08";
  private static final String ROLLED_BACK = "40";

  private PassingFailure() {}

  /** Whether the database is away, the connection was lost, or a deadlock chose its victim. */
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
    // The pool gives no state where it has waited in vain.
    return failure instanceof SQLTransientException
        || state.startsWith(CONNECTION)
        || state.startsWith(ROLLED_BACK);
  }
}
