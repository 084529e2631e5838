package io.sluice.writer;

import java.sql.SQLException;

/** Tells failures of which the server's text quotes what was to be written, part of it at least. */
final class RefusedValue {

  private static final int ER_TRUNCATED_WRONG_VALUE_FOR_FIELD = 1366;
  private static final int ER_CHECK_CONSTRAINT_VIOLATED = 3819;

  private RefusedValue() {}

  /** Warnings made errors, data, constraints, and what triggers signal. */
  static boolean is(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return switch (failure.getErrorCode()) {
      case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, ER_CHECK_CONSTRAINT_VIOLATED -> true;
      default ->
          state.startsWith("01")
              || state.startsWith("22")
              || state.startsWith("23")
              || state.startsWith("45");
    };
  }
}
