package io.sluice.repository;

import io.sluice.outbox.ShardId;
import java.sql.SQLException;

/** {@link OutboxRepository} could not read, update or clean up the events of a shard. */
public final class RepositoryException extends ShardException {

  private static final long serialVersionUID = 1;

  RepositoryException(ShardId shard, String what, SQLException cause) {
    super(
        shard,
        what,
        cause,
        "SELECT, UPDATE and DELETE on the table",
        "the failed transaction changed nothing; try again once the database answers");
  }
}
