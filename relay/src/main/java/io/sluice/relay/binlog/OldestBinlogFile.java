package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardSource;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * The oldest binlog file that a server has not purged.
 *
 * @param name file name without a path
 * @param createdAt when the server began to write it, by its clock, in seconds
 */
public record OldestBinlogFile(String name, Instant createdAt) {

  private static final String FIRST_EVER = ".000001";

  /**
   * Asks the server. No statement shows the times of files, so it reads the file.
   *
   * @throws RelayException if the server does not answer
   */
  public static OldestBinlogFile of(ShardSource source) {
    Description description = new Description();
    try {
      BinlogConnection.read(source, OldestBinlogFile::fromTheOldest, description);
    } catch (SQLException | IOException | RuntimeException e) {
      throw new EngineEnd("the binlog could not be read", e).failure(source);
    }
    return new OldestBinlogFile(description.name, description.createdAt);
  }

  /** Whether the server has purged files before this one. */
  public boolean hasPredecessors() {
    return !name.endsWith(FIRST_EVER);
  }

  // To the server, an empty name means its oldest file.
  private static void fromTheOldest(BinaryLogClient client) {
    client.setBinlogFilename("");
  }

  /** Reads up to the description of the file, with which the file begins. */
  private static final class Description implements Predicate<Event> {

    private String name = "";
    private Instant createdAt = Instant.EPOCH;

    @Override
    public boolean test(Event event) {
      if (event.getData() instanceof RotateEventData file && name.isEmpty()) {
        name = file.getBinlogFilename();
      }
      boolean isFound = event.getHeader().getEventType() == EventType.FORMAT_DESCRIPTION;
      if (isFound) {
        createdAt = Instant.ofEpochMilli(event.getHeader().getTimestamp());
      }
      return isFound;
    }
  }
}
