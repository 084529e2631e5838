package io.sluice.outbox;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code last_error} of a FAILED row says where no handler failed with its event: it was
 * parked, to keep the order of its aggregate, behind an earlier event that had failed for good.
 * Once that one is redriven or discarded, those parked behind it are sent again after it.
 *
 * @param head the id of the event that failed
 */
public record ParkedBehind(String head) {

  /** How such a {@code last_error} begins. */
  public static final String PREFIX = "parked behind ";

  public ParkedBehind {
    Objects.requireNonNull(head, "head");
  }

  /** What a {@code last_error} says of it, if anything. */
  public static Optional<ParkedBehind> of(@Nullable String lastError) {
    return lastError != null && lastError.startsWith(PREFIX)
        ? Optional.of(new ParkedBehind(lastError.substring(PREFIX.length())))
        : Optional.empty();
  }

  /** For the {@code last_error} of the row. */
  public String lastError() {
    return PREFIX + head;
  }
}
