package io.sluice.relay.mysql;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** How a table keeps its ids: as text, or as the 16 bytes of a UUID. */
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

  /** An id as the column has it. */
  public abstract Object toColumn(String id);

  /** The id in this column of a result. */
  public abstract String fromColumn(ResultSet row, int index) throws SQLException;

  /** How the table has it; the shipped one needs no question. */
  public static IdColumn of(Connection connection, ShardTable table) throws SQLException {
    if (table.layout().equals(TableLayout.STANDARD)) {
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
