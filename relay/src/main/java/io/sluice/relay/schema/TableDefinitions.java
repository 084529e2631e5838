package io.sluice.relay.schema;

import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import io.debezium.relational.Column;
import io.debezium.relational.Table;
import io.debezium.relational.TableEditor;
import io.debezium.relational.TableId;
import io.debezium.relational.history.TableChanges;
import io.sluice.relay.capture.ReadColumn;
import io.sluice.relay.capture.RowDecoder;
import io.sluice.relay.mysql.BinlogEvents.Place;
import io.sluice.relay.schema.SqlTokens.TableName;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TransientException;
import java.sql.Types;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by which columns the rows of the outbox tables are decoded. Types are those that the
 * binlog has with the rows. Names are those in the binlog too, if the server writes them. Otherwise
 * they are derived from the statements in the binlog, and compared with the server before the first
 * row after a statement: the server is right if its table was not altered again later in the
 * binlog.
 *
 * <p>Used by one thread at a time: first by the thread that starts the engine, then by the thread
 * that reads the binlog.
 */
public final class TableDefinitions {

  private static final Logger LOG = LoggerFactory.getLogger(TableDefinitions.class);
  private static final int LONGEST_STATEMENT = 120;

  /** The type of a column with values that neither the binlog nor the server has. */
  private static final String NO_VALUES = "ENUM('')";

  private static final Set<Integer> TEXT_TYPES = Set.of(Types.CHAR, Types.VARCHAR);

  /** UTF-8, and character sets that are a part of it. */
  private static final Set<String> UTF_8_CHARSETS = Set.of("utf8mb4", "utf8mb3", "utf8", "ascii");

  private final ShardSource source;
  private final BooleanSupplier isOwned;
  private final OutboxSchema schema;
  private final ColumnNames names;
  private final LaterStatements later;

  /** The last statement that changed a table, for messages. */
  private final Map<TableName, String> statements = new HashMap<>();

  /** The number that the server has given to each table whose definition is current. */
  private final Map<TableName, Long> numbers = new HashMap<>();

  /** By the number of the table. */
  private final Map<Long, RowDecoder> decoders = new HashMap<>();

  /**
   * Where the engine is in the binlog.
   *
   * @param partition the engine's name of the source
   * @param offset the engine's offset, for the schema history
   * @param place the place in the file
   */
  public record EnginePosition(Map<String, ?> partition, Map<String, ?> offset, Place place) {}

  /**
   * The definitions for one run of the engine.
   *
   * @param isOwned whether the relay still owns the source, as far as it knows
   */
  public TableDefinitions(ShardSource source, BooleanSupplier isOwned, OutboxSchema schema) {
    this.source = source;
    this.isOwned = isOwned;
    this.schema = schema;
    this.names = new ColumnNames(source.isFolded());
    this.later = new LaterStatements(source);
  }

  /** Begins with the names that the schema has recovered from its history. */
  public void begin() {
    schema
        .recovered()
        .forEach(
            table ->
                names.put(
                    new TableName(String.valueOf(table.id().catalog()), table.id().table()),
                    table.retrieveColumnNames()));
  }

  public OutboxSchema schema() {
    return schema;
  }

  public ShardSource source() {
    return source;
  }

  /** The outbox table into which a statement inserts, if it does. */
  public Optional<ShardTable> insertTarget(String database, String statement) {
    return InsertTarget.of(database, statement).flatMap(this::table);
  }

  private Optional<ShardTable> table(TableName name) {
    return source.table(name.database(), name.table());
  }

  private static TableName nameOf(ShardTable table) {
    return new TableName(table.database(), table.layout().table());
  }

  /** Applies a statement. */
  public void apply(Supplier<EnginePosition> place, String database, String statement) {
    if (!ColumnNames.mayChange(statement) || !mayConcern(database, statement)) {
      return;
    }
    TableChanges changes = new TableChanges();
    for (TableName table : names.apply(database, statement)) {
      numbers.remove(table);
      if (table(table).isPresent()) {
        statements.put(table, shortened(statement));
      }
      if (isCandidate(table)) {
        names
            .of(table)
            .ifPresentOrElse(
                columns -> changes.create(named(table, columns)), () -> changes.drop(id(table)));
      }
    }
    if (changes.iterator().hasNext()) {
      store(place.get(), database, shortened(statement), changes);
    }
  }

  private boolean mayConcern(String database, String statement) {
    String text = statement.toLowerCase(Locale.ROOT);
    return source.tables().stream()
        .map(table -> table.database().toLowerCase(Locale.ROOT))
        .anyMatch(own -> own.equals(database.toLowerCase(Locale.ROOT)) || text.contains(own));
  }

  /** Whether it is an outbox table, or may replace one: online schema changes keep its name. */
  private boolean isCandidate(TableName name) {
    return source.tables().stream()
        .anyMatch(
            table ->
                table.database().equalsIgnoreCase(name.database())
                    && name.table()
                        .toLowerCase(Locale.ROOT)
                        .contains(table.layout().table().toLowerCase(Locale.ROOT)));
  }

  /** An entry of the schema history with the names of a table's columns. It needs some type. */
  public static Table named(ShardTable table, List<String> columns) {
    return named(nameOf(table), columns);
  }

  private static Table named(TableName table, List<String> columns) {
    TableEditor editor = Table.editor().tableId(id(table));
    columns.forEach(
        name ->
            editor.addColumn(
                Column.editor().name(name).type("VARCHAR").jdbcType(Types.VARCHAR).create()));
    return editor.create();
  }

  private static TableId id(TableName table) {
    return new TableId(table.database(), null, table.table());
  }

  /**
   * Stores an entry, if the relay still owns the shard. A relay that resumes after a long pause
   * would otherwise append old names after the entries of the new owner, where they would count as
   * the newest.
   *
   * @param statement null if the entry does not follow from a statement
   */
  private void store(
      EnginePosition position, String database, @Nullable String statement, TableChanges changes) {
    if (!isOwned.getAsBoolean()) {
      throw new TransientException(
          "another relay may own the shard now, so a change of its table was not stored", null);
    }
    schema
        .getSchemaHistory()
        .record(
            position.partition(),
            position.offset(),
            database,
            null,
            statement,
            changes,
            Instant.now());
  }

  /** The binlog continues in another file, in which tables have other numbers. */
  public void rotated() {
    numbers.clear();
    decoders.clear();
  }

  /** The decoder of the rows of a table; null if it is no outbox table. */
  public @Nullable RowDecoder decoder(long tableNumber) {
    return decoders.get(tableNumber);
  }

  /** Makes the definition of an outbox table current, before its rows follow. */
  public void describe(Supplier<EnginePosition> place, ShardTable table, TableMapEventData map) {
    TableName name = names.key(new TableName(map.getDatabase(), map.getTable()));
    if (Long.valueOf(map.getTableId()).equals(numbers.get(name))) {
      return;
    }
    EnginePosition position = place.get();
    MappedColumns mapped = new MappedColumns(map, schema::charset);
    Optional<ServerColumns> server =
        mapped.names().isPresent()
            ? Optional.empty()
            : Optional.of(ServerColumns.read(source, table, later));
    String statement = statements.getOrDefault(name, "");
    List<String> columns =
        mapped
            .names()
            .or(
                () ->
                    server.map(
                        own ->
                            own.names(position.place(), mapped.count(), names.of(name), statement)))
            .orElseThrow();
    if (!names.of(name).equals(Optional.of(columns))) {
      LOG.info("shard '{}': columns of {} are {}", table.shard(), table.name(), columns);
      names.put(name, columns);
      store(position, name.database(), null, new TableChanges().create(named(name, columns)));
    }
    TableId id = new TableId(map.getDatabase(), null, map.getTable());
    List<String> types =
        mapped.types(
            column ->
                server
                    .filter(own -> isOfEvent(table, columns.get(column)))
                    .flatMap(own -> own.values(position.place(), columns.get(column)))
                    .orElse(NO_VALUES));
    decoders.put(map.getTableId(), decoder(id, table, columns, types));
    numbers.put(name, map.getTableId());
  }

  /** Defines the table with short names, so that no name has to be parsed. */
  private RowDecoder decoder(
      TableId id, ShardTable table, List<String> columns, List<String> types) {
    String sql =
        IntStream.range(0, types.size())
            .mapToObj(i -> "c%d %s".formatted(i, types.get(i)))
            .collect(Collectors.joining(", "));
    Table parsed =
        schema.parse(id, "CREATE TABLE `%s` (%s)".formatted(id.table().replace("`", "``"), sql));
    Map<String, ReadColumn> read = new HashMap<>();
    table
        .layout()
        .columns()
        .forEach(
            (shipped, configured) -> {
              int index = indexOf(columns, configured);
              if (index >= 0 && isOfEvent(table, configured)) {
                Column column = parsed.columnWithName("c" + index).edit().name(configured).create();
                read.put(
                    shipped,
                    new ReadColumn(index, isUtf8(column), schema.converter(column)::convert));
              }
            });
    return new RowDecoder(table, read, columns.size());
  }

  /** MySQL ignores the case of a column's name. */
  private static int indexOf(List<String> columns, String name) {
    return IntStream.range(0, columns.size())
        .filter(i -> columns.get(i).equalsIgnoreCase(name))
        .findFirst()
        .orElse(-1);
  }

  private static boolean isUtf8(Column column) {
    return TEXT_TYPES.contains(column.jdbcType())
        && UTF_8_CHARSETS.contains(String.valueOf(column.charsetName()));
  }

  private static boolean isOfEvent(ShardTable table, String column) {
    return table.layout().eventColumns().stream().anyMatch(column::equalsIgnoreCase);
  }

  static String shortened(String statement) {
    return statement.length() > LONGEST_STATEMENT
        ? statement.substring(0, LONGEST_STATEMENT) + "…"
        : statement;
  }
}
