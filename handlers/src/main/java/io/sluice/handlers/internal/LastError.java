package io.sluice.handlers.internal;

import io.sluice.outbox.OutboxTable;
import org.jspecify.annotations.Nullable;

/** The text stored in {@code last_error}. */
public final class LastError {

  private LastError() {}

  /** Class and message of a failure, cut to what the column holds. */
  public static String of(Throwable cause) {
    String message = message(cause);
    String name = cause.getClass().getName();
    return OutboxTable.lastError(message == null ? name : name + ": " + message);
  }

  private static @Nullable String message(Throwable cause) {
    try {
      return cause.getMessage();
    } catch (RuntimeException | Error e) {
      // Other people's getMessage may fail as well; the event's own failure is what matters.
      return "(its message cannot be had: " + e.getClass().getName() + ")";
    }
  }
}
