package io.sluice.redrive;

import io.sluice.outbox.ShardId;
import io.sluice.repository.ShardException;
import java.sql.SQLException;

/** A shard's failed events could not be read, redriven or discarded. */
public final class RedriveException extends ShardException {

  private static final long serialVersionUID = 1;
  private static final Remedy REMEDY =
      new Remedy(
          "SELECT, INSERT and DELETE on the whole table",
          "do it again once the database answers; it takes what is FAILED still, so nothing is"
              + " done twice");

  RedriveException(ShardId shard, String what, SQLException cause) {
    super(shard, what, cause, REMEDY);
  }
}
