package io.sluice.relay.schema;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.connector.binlog.charset.BinlogCharsetRegistry;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.MySqlDatabaseSchema;
import io.debezium.connector.mysql.MySqlTaskContext;
import io.debezium.connector.mysql.jdbc.MySqlValueConverters;
import io.debezium.relational.Column;
import io.debezium.relational.CustomConverterRegistry;
import io.debezium.relational.Table;
import io.debezium.relational.TableId;
import io.debezium.relational.Tables;
import io.debezium.relational.ValueConverter;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Field;
import org.jspecify.annotations.Nullable;

/** The engine's tables, of which {@link TableDefinitions} replaces the definitions. */
public final class OutboxSchema extends MySqlDatabaseSchema {

  private final BinlogCharsetRegistry charsets;
  private final MySqlValueConverters converters;

  @SuppressWarnings("unchecked") // the naming strategy is created from a class name
  private OutboxSchema(
      MySqlConnectorConfig settings,
      MySqlTaskContext context,
      MySqlValueConverters converters,
      boolean ignoresCase) {
    super(
        settings,
        converters,
        settings.getTopicNamingStrategy(CommonConnectorConfig.TOPIC_NAMING_STRATEGY),
        settings.schemaNameAdjuster(),
        ignoresCase,
        settings.getServiceRegistry().tryGetService(CustomConverterRegistry.class),
        context);
    this.charsets = settings.getServiceRegistry().getService(BinlogCharsetRegistry.class);
    this.converters = converters;
  }

  /** An empty schema. The engine recovers its history. */
  public static OutboxSchema create(
      MySqlConnectorConfig settings, MySqlTaskContext context, boolean ignoresCase) {
    MySqlValueConverters converters =
        new MySqlValueConverters(
            settings.getDecimalMode(),
            settings.getTemporalPrecisionMode(),
            settings.getBigIntUnsignedHandlingMode().asBigIntUnsignedMode(),
            settings.binaryHandlingMode(),
            settings.isTimeAdjustedEnabled() ? MySqlValueConverters::adjustTemporal : x -> x,
            settings.getEventConvertingFailureHandlingMode(),
            settings.getServiceRegistry());
    return new OutboxSchema(settings, context, converters, ignoresCase);
  }

  /** The tables in the schema history. */
  Stream<Table> recovered() {
    return tables().tableIds().stream().map(tables()::forTable);
  }

  /** The name of the character set of a collation; null if it is unknown. */
  @Nullable String charset(int collation) {
    return charsets.getCharsetNameForCollationIndex(collation);
  }

  /** A converter of the values of a column. */
  ValueConverter converter(Column column) {
    return converters.converter(
        column, new Field(column.name(), 0, converters.schemaBuilder(column).optional().build()));
  }

  /** Parses a definition. It must be of a captured table. */
  Table parse(TableId id, String definition) {
    Tables parsed = new Tables();
    getDdlParser().setCurrentSchema(id.catalog());
    getDdlParser().parse(definition, parsed);
    return Objects.requireNonNull(
        parsed.forTable(id), () -> "not a definition of " + id + ": " + definition);
  }
}
