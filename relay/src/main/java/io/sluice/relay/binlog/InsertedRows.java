package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.TransactionPayloadEventData;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDataDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import io.debezium.DebeziumException;
import io.debezium.config.CommonConnectorConfig.EventProcessingFailureHandlingMode;
import io.debezium.connector.binlog.event.RowDeserializers;
import io.debezium.connector.binlog.event.TransactionPayloadDeserializer;
import java.io.IOException;
import java.io.Serializable;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes inserted rows of the outbox tables. Rows of other tables are skipped, so their values
 * cannot fail and cost nothing. Only those of compressed transactions are decoded too, by the
 * engine. Used by the thread that reads the binlog.
 */
final class InsertedRows {

  private static final Serializable[] SKIPPED = {};

  private final Map<Long, TableMapEventData> tables = new HashMap<>();
  private final Map<Long, TableMapEventData> compressed = new HashMap<>();

  /** The rows that follow with this table's number are decoded. */
  void follow(TableMapEventData table) {
    tables.put(table.getTableId(), table);
  }

  /** The binlog continues in another file, in which tables have other numbers. */
  void rotated() {
    tables.clear();
    compressed.clear();
  }

  /**
   * Creates a decoder.
   *
   * @param isExtended whether the events are of the current type, which may have extra information
   */
  EventDataDeserializer<WriteRowsEventData> decoder(boolean isExtended) {
    return new Decoder(tables).setMayContainExtraInformation(isExtended);
  }

  /** Creates a decoder of compressed transactions. It reads an impossible date as 1970-01-01. */
  EventDataDeserializer<TransactionPayloadEventData> payloadDecoder() {
    return new TransactionPayloadDeserializer(compressed, EventProcessingFailureHandlingMode.SKIP);
  }

  private static final class Decoder extends RowDeserializers.WriteRowsDeserializer {

    private final Map<Long, TableMapEventData> tables;

    Decoder(Map<Long, TableMapEventData> tables) {
      super(tables, EventProcessingFailureHandlingMode.FAIL);
      this.tables = tables;
    }

    @Override
    protected Serializable[] deserializeRow(long table, BitSet columns, ByteArrayInputStream input)
        throws IOException {
      if (tables.containsKey(table)) {
        return super.deserializeRow(table, columns, input);
      }
      input.skip(input.available());
      return SKIPPED;
    }

    @Override
    protected @Nullable Serializable deserializeDatetimeV2(int meta, ByteArrayInputStream input)
        throws IOException {
      try {
        return super.deserializeDatetimeV2(meta, input);
      } catch (DebeziumException e) {
        return null; // with ALLOW_INVALID_DATES, a date in no calendar; like a zero date
      }
    }

    @Override
    protected @Nullable Serializable deserializeDate(ByteArrayInputStream input)
        throws IOException {
      try {
        return super.deserializeDate(input);
      } catch (DebeziumException e) {
        return null; // the same
      }
    }
  }
}
