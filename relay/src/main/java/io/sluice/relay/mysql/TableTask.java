package io.sluice.relay.mysql;

import java.sql.SQLException;
import java.time.Duration;

/** A periodic maintenance task of a source that this relay owns. Used by one maintenance thread. */
public interface TableTask {

  /** Name of the task for logs, such as "cleanup". */
  String name();

  /**
   * Does a bounded amount of work.
   *
   * @return delay until the next run
   * @throws SQLException if a statement fails; the task is retried later
   */
  Duration runOnce() throws SQLException;
}
