package io.sluice.redrive;

import io.sluice.redrive.RedriveOutcome.Busy;
import io.sluice.redrive.RedriveOutcome.PassedOver;
import io.sluice.redrive.RedriveOutcome.Refused;
import java.sql.SQLException;
import java.util.Optional;

/** Tells what the server has against single rows from what ails a whole shard. */
final class RowFailure {

  private static final int ER_LOCK_WAIT_TIMEOUT = 1205;
  private static final int ER_LOCK_DEADLOCK = 1213;
  private static final int ER_LOCK_NOWAIT = 3572;
  private static final int ER_TRUNCATED_WRONG_VALUE_FOR_FIELD = 1366;
  private static final int ER_CHECK_CONSTRAINT_VIOLATED = 3819;

  private RowFailure() {}

  /** What it says of the rows; empty if it is not about rows. */
  static Optional<PassedOver> of(SQLException failure) {
    return switch (failure.getErrorCode()) {
      case ER_LOCK_NOWAIT, ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK -> Optional.of(new Busy());
      case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, ER_CHECK_CONSTRAINT_VIOLATED ->
          Optional.of(refused(failure));
      default -> isOfValues(failure) ? Optional.of(refused(failure)) : Optional.empty();
    };
  }

  /** Warnings made errors, data, constraints, and what triggers signal. */
  private static boolean isOfValues(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return state.startsWith("01")
        || state.startsWith("22")
        || state.startsWith("23")
        || state.startsWith("45");
  }

  // Without the server's text, which quotes values.
  private static Refused refused(SQLException failure) {
    return new Refused(
        "MySQL refuses it or one of its aggregate with error %d [SQL state %s]: look for what the"
                .formatted(failure.getErrorCode(), failure.getSQLState())
            + " table's constraints, foreign keys and triggers have against the row");
  }
}
