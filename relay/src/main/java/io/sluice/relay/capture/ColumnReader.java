package io.sluice.relay.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.shard.ShardTable;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the columns of one captured row by the column names of the shipped DDL, and converts all
 * accepted column types. An invalid value causes an IllegalArgumentException.
 */
final class ColumnReader {

  private static final int UUID_BYTES = 16;

  private final ShardTable table;
  private final Map<String, ReadColumn> columns;
  private final Serializable[] row;

  ColumnReader(ShardTable table, Map<String, ReadColumn> columns, Serializable[] row) {
    this.table = table;
    this.columns = columns;
    this.row = row;
  }

  String text(String column) {
    return text(column, mandatory(column));
  }

  @Nullable String textOrNull(String column) {
    @Nullable Object value = value(column);
    return value == null ? null : text(column, value);
  }

  private String text(String column, Object value) {
    if (value instanceof byte[] utf8) {
      return new String(utf8, UTF_8);
    }
    if (value instanceof String text) {
      return text;
    }
    throw wrongType(column, value);
  }

  /** Reads an id as text, also if the column contains the 16 bytes of a UUID. */
  String id(String column) {
    Object value = mandatory(column);
    if (!(value instanceof ByteBuffer binary)) {
      return text(column, value);
    }
    ByteBuffer bytes = binary.duplicate();
    if (bytes.remaining() != UUID_BYTES) {
      throw new IllegalArgumentException(
          "column '%s' contains %d bytes instead of a UUID".formatted(column, bytes.remaining()));
    }
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  int integer(String column, int defaultValue) {
    if (table.layout().column(column).isEmpty()) {
      return defaultValue;
    }
    Object value = mandatory(column);
    if (value instanceof Number number) {
      return Integer.parseInt(number.toString());
    }
    throw wrongType(column, value);
  }

  byte[] bytes(String column) {
    Object value = mandatory(column);
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    if (value instanceof String text) {
      return text.getBytes(UTF_8);
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    throw wrongType(column, value);
  }

  /** The table's DATETIME columns contain UTC. */
  Instant instant(String column) {
    @Nullable Object value = value(column);
    if (value instanceof ZonedDateTime zoned) {
      return zoned.toInstant();
    }
    Optional<Instant> time =
        value instanceof LocalDateTime utc ? OutboxRow.time(utc) : Optional.empty();
    if (value != null && !(value instanceof LocalDateTime)) {
      throw wrongType(column, value);
    }
    return time.orElseThrow(() -> new IllegalArgumentException(OutboxRow.NO_DATE));
  }

  private Object mandatory(String column) {
    @Nullable Object value = value(column);
    if (value == null) {
      throw new IllegalArgumentException("column '%s' is NULL".formatted(column));
    }
    return value;
  }

  private @Nullable Object value(String column) {
    @Nullable ReadColumn known = columns.get(column);
    if (known != null) {
      try {
        return known.value(row);
      } catch (RuntimeException e) {
        throw new IllegalArgumentException(
            "column '%s' cannot be read: %s".formatted(column, e.getMessage()), e);
      }
    }
    Optional<String> configured = table.layout().column(column);
    if (configured.isPresent()) {
      throw missing(configured.get());
    }
    return null;
  }

  private OperatorNeededException missing(String name) {
    return new OperatorNeededException(
        "a row was inserted into table %s of shard '%s' while the table lacked column '%s'"
            .formatted(table.name(), table.shard(), name),
        "give the column its name back, or add it with the type of the shipped DDL; then approve a"
            + " new position: the shard continues at the current end of the binlog and reconciles"
            + " its table to find missed events: sluice-relay shards heal %s --force"
                .formatted(table.shard()));
  }

  private static IllegalArgumentException wrongType(String column, Object value) {
    return new IllegalArgumentException(
        "column '%s' has an unsupported type (read as %s)"
            .formatted(column, value.getClass().getSimpleName()));
  }
}
