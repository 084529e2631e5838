package io.sluice.repository;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A row that is not a valid event: its domain or status is not valid, its headers are not an object
 * of strings, or a required column is NULL.
 *
 * @param key identifies the row
 * @param columns values as text by column name, the payload decoded from UTF-8, without columns
 *     that are NULL
 * @param problem why the row is no event; contains neither id, payload nor header values
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
        "%s is not a valid event: %s; correct the row, then redrive it, or discard it"
            .formatted(key, problem));
  }

  /** Omits the values, because payloads and headers do not belong in logs. */
  @Override
  public String toString() {
    return "InvalidRow[%s, columns %s, %s]".formatted(key, columns.keySet(), problem);
  }
}
