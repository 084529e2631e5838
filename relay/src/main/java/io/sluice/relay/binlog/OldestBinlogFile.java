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
import java.util.concurrent.atomic.AtomicReference;

/**
 * The oldest binlog file that a server has not purged.
 *
 * @param name file name without a path
 * @param createdAt when the server began to write it, by its clock, in seconds
 */
public record OldestBinlogFile(String name, Instant createdAt) {

  private static final String FIRST_EVER = ".000001";

  /**
   * Asks the server. Its statements show no times, but each file begins with its description.
   *
   * @throws RelayException if the server does not answer
   */
  public static OldestBinlogFile of(ShardSource source) {
    AtomicReference<String> name = new AtomicReference<>("");
    AtomicReference<Instant> createdAt = new AtomicReference<>(Instant.EPOCH);
    try {
      BinlogConnection.read(
          source, OldestBinlogFile::fromTheOldest, event -> isDescription(event, name, createdAt));
    } catch (SQLException | IOException | RuntimeException e) {
      throw new EngineEnd("the binlog could not be read", e).failure(source);
    }
    return new OldestBinlogFile(name.get(), createdAt.get());
  }

  /** Whether the server has purged files before this one. */
  public boolean hasPredecessors() {
    return !name.endsWith(FIRST_EVER);
  }

  // To the server, an empty name means its oldest file.
  private static void fromTheOldest(BinaryLogClient client) {
    client.setBinlogFilename("");
  }

  private static boolean isDescription(
      Event event, AtomicReference<String> name, AtomicReference<Instant> createdAt) {
    if (event.getData() instanceof RotateEventData file) {
      name.compareAndSet("", file.getBinlogFilename());
    }
    if (event.getHeader().getEventType() != EventType.FORMAT_DESCRIPTION) {
      return false;
    }
    createdAt.set(Instant.ofEpochMilli(event.getHeader().getTimestamp()));
    return true;
  }
}
