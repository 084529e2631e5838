package io.sluice.repository;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A row that is no event as it stands: its domain or status cannot be one, its headers are no
 * object of strings, or a column is NULL that must not be.
 *
 * @param key where it is
 * @param columns what it holds as text, by the columns' names, the payload decoded from UTF-8; a
 *     column that is NULL is left out
 * @param problem why it is no event, as a sentence without its id; no payload, no header values
 */
public record InvalidRow(EventKey key, Map<String, String> columns, String problem)
    implements StoredRow {

  public InvalidRow {
    Objects.requireNonNull(key, "key");
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    Objects.requireNonNull(problem, "problem");
  }

  @Override
  public StoredEvent event() {
    throw new IllegalStateException(
        "%s is none as its row stands: %s; correct the row, then redrive it, or discard it"
            .formatted(key, problem));
  }

  /** Without the values: payloads and headers do not belong in logs. */
  @Override
  public String toString() {
    return "InvalidRow[%s, columns %s, %s]".formatted(key, columns.keySet(), problem);
  }
}
