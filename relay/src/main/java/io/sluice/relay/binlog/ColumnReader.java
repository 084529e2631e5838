package io.sluice.relay.binlog;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.shard.ShardTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
        : Integer.parseInt(typed(column, Number.class).toString());
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
    if (value(column) == null) {
      throw new IllegalArgumentException(OutboxRow.NO_DATE);
    }
    return Instant.EPOCH.plus((Long) typed(column, Long.class), ChronoUnit.MICROS);
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
    return table.layout().column(column).isEmpty()
        ? null
        : row.getWithoutDefault(field(column).name());
  }

  private Field field(String column) {
    String name = table.layout().column(column).orElse(column);
    Field field = row.schema().field(name);
    if (field == null) {
      throw new OperatorNeededException(
          "a row was inserted into table %s of shard '%s' while the table lacked column '%s'"
              .formatted(table.name(), table.shard(), name),
          "give the column its name back, or add it with the type of the shipped DDL; then approve a"
              + " new position: the shard continues at the current end of the binlog and reconciles"
              + " its table to find missed events: sluice-relay shards heal %s --force"
                  .formatted(table.shard()));
    }
    return field;
  }

  private static IllegalArgumentException wrongType(String column, Object value) {
    return new IllegalArgumentException(
        "column '%s' has an unsupported type (read as %s)"
            .formatted(column, value.getClass().getSimpleName()));
  }
}
