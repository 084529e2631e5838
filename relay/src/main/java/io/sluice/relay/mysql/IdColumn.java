package io.sluice.relay.mysql;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.shard.ShardTable;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** Storage format of a table's ids: text, or the 16 bytes of a UUID. */
public enum IdColumn {
  TEXT {
    @Override
    public Object toColumn(String id) {
      return id;
    }

    @Override
    public String fromColumn(ResultSet row, int index) throws SQLException {
      return String.valueOf(row.getString(index));
    }
  },

  BYTES {
    @Override
    public Object toColumn(String id) {
      UUID uuid = UUID.fromString(id);
      return ByteBuffer.allocate(UUID_BYTES)
          .putLong(uuid.getMostSignificantBits())
          .putLong(uuid.getLeastSignificantBits())
          .array();
    }

    @Override
    public String fromColumn(ResultSet row, int index) throws SQLException {
      ByteBuffer bytes = ByteBuffer.wrap(row.getBytes(index));
      return new UUID(bytes.getLong(), bytes.getLong()).toString();
    }
  };

  private static final int UUID_BYTES = 16;

  private static final String TYPE =
      """
      SELECT data_type FROM information_schema.columns
      WHERE table_schema = ? AND table_name = ? AND column_name = ?""";

  /** Converts an id to a value of the column. */
  public abstract Object toColumn(String id);

  /** Reads an id from a column of a result. */
  public abstract String fromColumn(ResultSet row, int index) throws SQLException;

  /** Finds the format of a table. The shipped layout needs no query. */
  public static IdColumn of(Connection connection, ShardTable table) throws SQLException {
    if (table.layout().hasDelivery()) {
      return TEXT;
    }
    try (PreparedStatement query = connection.prepareStatement(TYPE)) {
      query.setString(1, table.database());
      query.setString(2, table.layout().table());
      query.setString(3, table.layout().column(OutboxTable.ID).orElseThrow());
      try (ResultSet row = query.executeQuery()) {
        return row.next() && row.getString(1).contains("binary") ? BYTES : TEXT;
      }
    }
  }
}
