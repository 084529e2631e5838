package io.sluice.relay.mysql;

import java.sql.SQLException;
import java.time.Duration;

/** One of the things done for a source while it is owned. Used by the upkeep's thread. */
public interface TableTask {

  /** For logs: what it does, as in "cleanup". */
  String name();

  /**
   * Does a bounded piece of work.
   *
   * @return when to do the next
   * @throws SQLException if the server did not do its part; it is tried again later
   */
  Duration runOnce() throws SQLException;
}
