package io.sluice.redrive;

import io.sluice.outbox.MySqlErrors;
import io.sluice.redrive.RedriveOutcome.Busy;
import io.sluice.redrive.RedriveOutcome.PassedOver;
import io.sluice.redrive.RedriveOutcome.Refused;
import java.sql.SQLException;
import java.util.Optional;

/** Distinguishes failures of single rows from failures of a whole shard. */
final class RowFailure {

  private static final int ER_LOCK_WAIT_TIMEOUT = 1205;
  private static final int ER_LOCK_DEADLOCK = 1213;
  private static final int ER_LOCK_NOWAIT = 3572;

  private RowFailure() {}

  /**
   * Classifies a failed statement.
   *
   * @return why its rows were passed over; empty if the failure concerns the whole shard
   */
  static Optional<PassedOver> of(SQLException failure) {
    return switch (failure.getErrorCode()) {
      case ER_LOCK_NOWAIT, ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK -> Optional.of(new Busy());
      default ->
          MySqlErrors.isValueRefused(failure) ? Optional.of(refused(failure)) : Optional.empty();
    };
  }

  // Without the server's message, which quotes values.
  private static Refused refused(SQLException failure) {
    return new Refused(
        "MySQL refuses this row or one of its followers with error %d [SQL state %s]: check the"
                .formatted(failure.getErrorCode(), failure.getSQLState())
            + " table's constraints, foreign keys and triggers");
  }
}
