package io.sluice.handlers.internal.status;

import java.util.Objects;
import java.util.Optional;

/** The result of reading one row without waiting for its lock. */
public sealed interface FoundRow {

  /** The row, if it was read. */
  default Optional<RowState> state() {
    return Optional.empty();
  }

  /**
   * A row that was read.
   *
   * @param payload {@code event_data} if it was requested; text is encoded in UTF-8; not copied
   */
  record Present(RowState row, Optional<byte[]> payload) implements FoundRow {

    public Present {
      Objects.requireNonNull(row, "row");
      Objects.requireNonNull(payload, "payload");
    }

    public static Present withoutPayload(RowState row) {
      return new Present(row, Optional.empty());
    }

    @Override
    public Optional<RowState> state() {
      return Optional.of(row);
    }
  }

  /** Another transaction has locked the row, perhaps the one that inserts it. */
  record Locked() implements FoundRow {}

  record Gone() implements FoundRow {}

  /**
   * A row with a value that cannot be read, such as an unknown status.
   *
   * @param why the value and how to correct it
   */
  record Unreadable(String why) implements FoundRow {

    public Unreadable {
      Objects.requireNonNull(why, "why");
    }
  }
}
