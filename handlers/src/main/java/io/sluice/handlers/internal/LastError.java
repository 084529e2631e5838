package io.sluice.handlers.internal;

import io.sluice.outbox.OutboxTable;
import org.jspecify.annotations.Nullable;

/** The text stored in {@code last_error}. */
public final class LastError {

  private LastError() {}

  /** Returns class and message of a failure, truncated to the length of the column. */
  public static String of(Throwable cause) {
    String message = message(cause);
    String name = cause.getClass().getName();
    return OutboxTable.lastError(message == null ? name : name + ": " + message);
  }

  private static @Nullable String message(Throwable cause) {
    try {
      return cause.getMessage();
    } catch (RuntimeException | Error e) {
      // A handler's exception may throw in getMessage. The event's own failure matters more.
      return "(its message cannot be had: " + e.getClass().getName() + ")";
    }
  }
}
