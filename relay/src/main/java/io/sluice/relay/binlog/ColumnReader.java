package io.sluice.relay.binlog;

import io.debezium.time.MicroTimestamp;
import io.debezium.time.Timestamp;
import io.debezium.time.ZonedTimestamp;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Reads the columns of one captured row by the column names of the shipped DDL, and converts all
 * accepted column types. An invalid value causes an IllegalArgumentException.
 */
final class ColumnReader {

  private static final int UUID_BYTES = 16;

  private final ShardTable table;
  private final Struct row;

  ColumnReader(ShardTable table, Struct row) {
    this.table = table;
    this.row = row;
  }

  String text(String column) {
    return (String) typed(column, String.class);
  }

  @Nullable String textOrNull(String column) {
    return value(column) == null ? null : text(column);
  }

  /** Reads an id as text, also if the column contains the 16 bytes of a UUID. */
  String id(String column) {
    Object value = mandatory(column);
    if (value instanceof String text) {
      return text;
    }
    ByteBuffer bytes = ByteBuffer.wrap(bytes(column));
    if (bytes.remaining() != UUID_BYTES) {
      throw new IllegalArgumentException(
          "column '%s' contains %d bytes instead of a UUID".formatted(column, bytes.remaining()));
    }
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  int integer(String column, int defaultValue) {
    return table.layout().column(column).isEmpty()
        ? defaultValue
        : ((Number) typed(column, Number.class)).intValue();
  }

  byte[] bytes(String column) {
    Object value = mandatory(column);
    if (value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    throw wrongType(column, value);
  }

  /** The table's DATETIME columns contain UTC, as the engine assumes. */
  Instant instant(String column) {
    Object value = mandatory(column);
    String type = String.valueOf(field(column).schema().name());
    if (type.equals(MicroTimestamp.SCHEMA_NAME) && value instanceof Long micros) {
      return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
    if (type.equals(Timestamp.SCHEMA_NAME) && value instanceof Long millis) {
      return Instant.ofEpochMilli(millis);
    }
    if (type.equals(ZonedTimestamp.SCHEMA_NAME) && value instanceof String text) {
      return parse(column, text);
    }
    throw wrongType(column, value);
  }

  private static Instant parse(String column, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "column '%s' does not contain a time".formatted(column), e);
    }
  }

  private Object typed(String column, Class<?> type) {
    Object value = mandatory(column);
    if (!type.isInstance(value)) {
      throw wrongType(column, value);
    }
    return value;
  }

  private Object mandatory(String column) {
    Object value = value(column);
    if (value == null) {
      throw new IllegalArgumentException("column '%s' is NULL".formatted(column));
    }
    return value;
  }

  private @Nullable Object value(String column) {
    return table.layout().column(column).isEmpty() ? null : row.get(field(column));
  }

  private Field field(String column) {
    String name = table.layout().column(column).orElse(column);
    Field field = row.schema().field(name);
    if (field == null) {
      throw new OperatorNeededException(
          "table %s of shard '%s' lacks column '%s'".formatted(table.name(), table.shard(), name),
          "add the column again, with the type of the shipped DDL");
    }
    return field;
  }

  private static IllegalArgumentException wrongType(String column, Object value) {
    return new IllegalArgumentException(
        "column '%s' has an unsupported type (read as %s)"
            .formatted(column, value.getClass().getSimpleName()));
  }
}
