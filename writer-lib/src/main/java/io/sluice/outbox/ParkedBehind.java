package io.sluice.outbox;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code last_error} of a FAILED row whose event was not handled, but parked behind an earlier
 * event of its aggregate that has failed for good. When that event is redriven or discarded, the
 * events parked behind it are redriven after it.
 *
 * @param head id of the event that failed
 */
public record ParkedBehind(String head) {

  /** Prefix of such a {@code last_error}. */
  public static final String PREFIX = "parked behind ";

  public ParkedBehind {
    Objects.requireNonNull(head, "head");
  }

  /** Parses a {@code last_error}; empty if the event was not parked. */
  public static Optional<ParkedBehind> of(@Nullable String lastError) {
    return lastError != null && lastError.startsWith(PREFIX)
        ? Optional.of(new ParkedBehind(lastError.substring(PREFIX.length())))
        : Optional.empty();
  }

  /** The text for the {@code last_error} column. */
  public String lastError() {
    return PREFIX + head;
  }
}
