package io.sluice.redrive;

import io.sluice.outbox.ShardId;
import io.sluice.repository.ShardException;
import java.sql.SQLException;

/** The failed events of a shard could not be read, redriven or discarded. */
public final class RedriveException extends ShardException {

  private static final long serialVersionUID = 1;

  RedriveException(ShardId shard, String what, SQLException cause) {
    super(
        shard,
        what,
        cause,
        "SELECT, INSERT and DELETE on the whole table",
        "run it again once the database answers; only events that are still FAILED are changed, so"
            + " nothing is done twice");
  }
}
