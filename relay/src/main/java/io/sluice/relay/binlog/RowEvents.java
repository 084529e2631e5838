package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.NullEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.TableMapEventDataDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import io.debezium.config.CommonConnectorConfig.EventProcessingFailureHandlingMode;
import io.debezium.connector.binlog.event.RowDeserializers.WriteRowsDeserializer;
import io.debezium.connector.binlog.event.TransactionPayloadDeserializer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How rows are read from the binlog. The rows of all tables are read, and by default a date that
 * does not exist, which sessions with {@code ALLOW_INVALID_DATES} can store in any of them, ends
 * the engine. Here it is read as 1970. Updates and deletes are not read at all.
 */
final class RowEvents {

  /** A statement has few tables; their definitions precede its rows. */
  private static final int MAX_TABLES = 10_000;

  /** Concerns dates alone. Any other failure ends the engine. */
  private static final EventProcessingFailureHandlingMode DATES =
      EventProcessingFailureHandlingMode.SKIP;

  private RowEvents() {}

  static void configure(EventDeserializer deserializer) {
    Map<Long, TableMapEventData> tables = new Recent();
    deserializer.setEventDataDeserializer(EventType.TABLE_MAP, new Recording(tables));
    deserializer.setEventDataDeserializer(
        EventType.WRITE_ROWS, new WriteRowsDeserializer(tables, DATES));
    deserializer.setEventDataDeserializer(
        EventType.EXT_WRITE_ROWS,
        new WriteRowsDeserializer(tables, DATES).setMayContainExtraInformation(true));
    deserializer.setEventDataDeserializer(
        EventType.TRANSACTION_PAYLOAD, new TransactionPayloadDeserializer(tables, DATES));
    for (EventType unread :
        new EventType[] {
          EventType.UPDATE_ROWS,
          EventType.EXT_UPDATE_ROWS,
          EventType.DELETE_ROWS,
          EventType.EXT_DELETE_ROWS
        }) {
      deserializer.setEventDataDeserializer(unread, new NullEventDataDeserializer());
    }
  }

  private static final class Recent extends LinkedHashMap<Long, TableMapEventData> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, TableMapEventData> eldest) {
      return size() > MAX_TABLES;
    }
  }

  private static final class Recording extends TableMapEventDataDeserializer {
    private final Map<Long, TableMapEventData> tables;

    Recording(Map<Long, TableMapEventData> tables) {
      this.tables = tables;
    }

    @Override
    public TableMapEventData deserialize(ByteArrayInputStream input) throws IOException {
      TableMapEventData table = super.deserialize(input);
      // Removed, so that it becomes the newest.
      tables.remove(table.getTableId());
      tables.put(table.getTableId(), table);
      return table;
    }
  }
}
