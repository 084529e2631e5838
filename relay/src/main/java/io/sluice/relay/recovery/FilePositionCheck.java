package io.sluice.relay.recovery;

import io.sluice.relay.mysql.ServerIdentity;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Checks a position without GTIDs, which is an offset in a binlog file. For a wrong offset the
 * server would return an unspecific error, or start in the middle of an event.
 */
final class FilePositionCheck {

  private static final String FILES = "SHOW BINARY LOGS";

  /** The server's error for an offset at which no event starts. */
  private static final int ER_ERROR_WHEN_EXECUTING_COMMAND = 1220;

  private final Connection connection;
  private final ShardSource source;
  private final Position position;

  private FilePositionCheck(Connection connection, ShardSource source, Position position) {
    this.connection = connection;
    this.source = source;
    this.position = position;
  }

  static PositionState of(Connection connection, ShardSource source, Position position)
      throws SQLException {
    return new FilePositionCheck(connection, source, position)
        .problem()
        .<PositionState>map(PositionState.Lost::new)
        .orElse(new PositionState.Usable());
  }

  private Optional<String> problem() throws SQLException {
    String present = ServerIdentity.of(connection).uuid();
    if (position.server().isPresent() && !position.server().get().equals(present)) {
      return Optional.of(
          "the position of shard '%s' is lost: it is a place in the binary log of server %s, and %s is server %s"
              .formatted(source.id(), position.server().get(), source.address(), present));
    }
    if (ServerIdentity.isNumbering(connection)) {
      // Without a GTID set the engine would request all transactions since the first one.
      return Optional.of(
          "the position of shard '%s' is lost: it is from before %s had GTID mode on"
              .formatted(source.id(), source.address()));
    }
    OptionalLong size = fileSize();
    if (size.isEmpty()) {
      return Optional.of(
          "the position of shard '%s' is lost: %s no longer has the binary log file %s"
              .formatted(source.id(), source.address(), position.file()));
    }
    if (position.positionInFile() > size.getAsLong() || !isAtAnEvent(size.getAsLong())) {
      return Optional.of(
          "the position of shard '%s' is ahead of its server: %s ends at %d of file %s, or no event starts at %d: its binary log was reset, or lost its end"
              .formatted(
                  source.id(),
                  source.address(),
                  size.getAsLong(),
                  position.file(),
                  position.positionInFile()));
    }
    return Optional.empty();
  }

  private OptionalLong fileSize() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet files = statement.executeQuery(FILES)) {
      while (files.next()) {
        if (files.getString("Log_name").equals(position.file())) {
          return OptionalLong.of(files.getLong("File_size"));
        }
      }
    }
    return OptionalLong.empty();
  }

  private boolean isAtAnEvent(long size) throws SQLException {
    if (position.positionInFile() == size) {
      return true;
    }
    try (PreparedStatement query =
        connection.prepareStatement("SHOW BINLOG EVENTS IN ? FROM ? LIMIT 1")) {
      query.setString(1, position.file());
      query.setLong(2, position.positionInFile());
      try (ResultSet event = query.executeQuery()) {
        // Near the beginning of a file the server returns the next event instead of an error.
        return event.next() && event.getLong("Pos") == position.positionInFile();
      }
    } catch (SQLException e) {
      if (e.getErrorCode() == ER_ERROR_WHEN_EXECUTING_COMMAND) {
        return false;
      }
      throw e;
    }
  }
}
