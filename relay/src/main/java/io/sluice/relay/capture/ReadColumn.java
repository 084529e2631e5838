package io.sluice.relay.capture;

import java.io.Serializable;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table's rows.
 *
 * @param index its place in a row
 * @param isUtf8 whether its values are text in UTF-8 or a part of it
 * @param converter the engine's converter of its type
 */
public record ReadColumn(
    int index, boolean isUtf8, Function<Serializable, @Nullable Object> converter) {

  /** The value of the column in a row: text in UTF-8 and times as they are, others converted. */
  @Nullable Object value(Serializable[] row) {
    @Nullable Serializable value = row[index];
    if (value == null
        || (isUtf8 && value instanceof byte[])
        // Debezium's converters replace a zero date by the column's default or by 1970.
        || value instanceof LocalDateTime
        || value instanceof ZonedDateTime) {
      return value;
    }
    return converter.apply(value);
  }
}
