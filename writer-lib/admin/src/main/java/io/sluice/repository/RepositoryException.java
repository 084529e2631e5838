package io.sluice.repository;

import io.sluice.outbox.ShardId;
import java.sql.SQLException;

/** A shard's events could not be looked at, updated or cleaned up by {@link OutboxRepository}. */
public final class RepositoryException extends ShardException {

  private static final long serialVersionUID = 1;
  private static final Remedy REMEDY =
      new Remedy(
          "SELECT, UPDATE and DELETE on the table",
          "nothing was changed by what failed; try again once the database answers");

  RepositoryException(ShardId shard, String what, SQLException cause) {
    super(shard, what, cause, REMEDY);
  }
}
