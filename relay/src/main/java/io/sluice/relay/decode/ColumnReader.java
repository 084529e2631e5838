package io.sluice.relay.decode;

import io.debezium.time.MicroTimestamp;
import io.debezium.time.Timestamp;
import io.debezium.time.ZonedTimestamp;
import io.sluice.outbox.ShardId;
import io.sluice.relay.failure.OperatorNeededException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Reads the columns of one captured row, whatever of the accepted types they have. */
final class ColumnReader {

  private final ShardId shard;
  private final Struct row;

  ColumnReader(ShardId shard, Struct row) {
    this.shard = shard;
    this.row = row;
  }

  String text(String column) {
    return (String) typed(column, String.class);
  }

  @Nullable String textOrNull(String column) {
    return value(column) == null ? null : text(column);
  }

  int integer(String column) {
    return ((Number) typed(column, Number.class)).intValue();
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

  /** DATETIME holds UTC by the table's rule, so the engine's reading of it as UTC is right. */
  Instant instant(String column) {
    Object value = mandatory(column);
    String type = String.valueOf(row.schema().field(column).schema().name());
    if (type.equals(MicroTimestamp.SCHEMA_NAME) && value instanceof Long micros) {
      return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
    if (type.equals(Timestamp.SCHEMA_NAME) && value instanceof Long millis) {
      return Instant.ofEpochMilli(millis);
    }
    if (type.equals(ZonedTimestamp.SCHEMA_NAME) && value instanceof String text) {
      return OffsetDateTime.parse(text).toInstant();
    }
    throw wrongType(column, value);
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
    Field field = row.schema().field(column);
    if (field == null) {
      throw new OperatorNeededException(
          "the outbox table of shard '%s' lacks column '%s'".formatted(shard, column),
          "add the column with the type of the shipped DDL");
    }
    return row.get(field);
  }

  private static IllegalArgumentException wrongType(String column, Object value) {
    return new IllegalArgumentException(
        "column '%s' is of a type that arrives as %s"
            .formatted(column, value.getClass().getSimpleName()));
  }
}
