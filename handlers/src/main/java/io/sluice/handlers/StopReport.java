package io.sluice.handlers;

import io.sluice.handlers.api.HandledEvent;
import java.util.List;

/**
 * What the end of a runtime left half done.
 *
 * @param abandoned events whose handler had not returned, or whose outcome was not written, when
 *     the time was over. Nothing of them is lost: their rows stay as they are, and they are
 *     delivered again
 */
public record StopReport(List<HandledEvent> abandoned) {

  public StopReport {
    abandoned = List.copyOf(abandoned);
  }

  /** Whether all that was begun came to its end. */
  public boolean isClean() {
    return abandoned.isEmpty();
  }
}
