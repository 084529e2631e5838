package io.sluice.relay.binlog;

import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import io.sluice.relay.shard.OutboxRow;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Converts times to microseconds since 1970, and a zero date to NULL. Debezium's converters replace
 * a zero date by the column's default or by 1970. The engine creates it by its class name.
 */
public final class TimeConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {

  @Override
  public void configure(Properties settings) {
    // has no settings
  }

  @Override
  public void converterFor(
      RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
    if (column.typeName().startsWith("DATETIME") || column.typeName().startsWith("TIMESTAMP")) {
      registration.register(SchemaBuilder.int64().optional(), TimeConverter::micros);
    }
  }

  private static @Nullable Long micros(@Nullable Object time) {
    if (time instanceof LocalDateTime utc) {
      return OutboxRow.time(utc).map(TimeConverter::micros).orElse(null);
    }
    if (time instanceof ZonedDateTime zoned) {
      return micros(zoned.toInstant());
    }
    return null; // a zero date, or the column's default, which is not used
  }

  // Not by ChronoUnit, which counts nanoseconds and overflows outside of the years 1677 to 2262.
  private static long micros(Instant time) {
    return TimeUnit.SECONDS.toMicros(time.getEpochSecond())
        + TimeUnit.NANOSECONDS.toMicros(time.getNano());
  }
}
