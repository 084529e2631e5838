package io.sluice.handlers.internal.status;

import java.util.Objects;
import java.util.Optional;

/**
 * A row that was read.
 *
 * @param payload {@code event_data}, in UTF-8 where it is text, if it was asked for; not copied
 */
public record FoundRow(RowState state, Optional<byte[]> payload) {

  public FoundRow {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(payload, "payload");
  }

  public static FoundRow withoutPayload(RowState state) {
    return new FoundRow(state, Optional.empty());
  }
}
