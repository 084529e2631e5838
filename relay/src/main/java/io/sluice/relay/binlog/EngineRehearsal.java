package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.Position;
import java.io.IOException;
import java.sql.SQLException;

/**
 * Opens the connections of an engine from a position, up to the first event, and closes them. What
 * would end an engine at its start is thus found before there is one, with the same message.
 */
public final class EngineRehearsal {

  private EngineRehearsal() {}

  /**
   * Rehearses the start of an engine. It does not disturb an engine that reads the same server.
   *
   * @throws RelayException the failure with which an engine would end
   */
  public static void run(ShardSource source, Position position) {
    try {
      BinlogConnection.read(source, client -> start(client, position), event -> true);
    } catch (SQLException | IOException | RuntimeException e) {
      throw new EngineEnd("the engine could not start", e).failure(source);
    }
  }

  /** Rehearses a start at the current end of the binlog. */
  public static void atEnd(ShardSource source) {
    BinlogEnd end = BinlogEnd.of(source);
    run(
        source,
        Position.first(Position.offsetAt(end.file(), end.position(), end.gtidSet()), "(none)"));
  }

  private static void start(BinaryLogClient client, Position position) {
    position
        .gtidSet()
        .ifPresentOrElse(
            client::setGtidSet,
            () -> {
              client.setBinlogFilename(position.file());
              client.setBinlogPosition(position.positionInFile());
            });
  }
}
