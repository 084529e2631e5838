package io.sluice.redrive;

import io.sluice.outbox.ShardId;
import io.sluice.redrive.RedriveOutcome.NotFound;
import io.sluice.redrive.RedriveOutcome.Parked;
import io.sluice.redrive.RedriveOutcome.PassedOver;
import io.sluice.repository.EventKey;
import io.sluice.repository.internal.TableTransaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Redrives or discards what is chosen of one shard, page by page in the order of ids. Used once, by
 * one thread.
 */
final class ShardRun {

  // For each page the rows that wait are looked through twice, so small ones are slow.
  private static final int PAGE = 500;
  private static final String NOW = "SELECT UTC_TIMESTAMP(6)";

  private final ShardId shard;
  private final DataSource dataSource;
  private final Operation operation;
  private final Selection chosen;
  private final Pace pace;
  private final Tally tally = new Tally();
  private final Set<String> knownIds = new HashSet<>();

  /** What was sent again here is not taken up again, however soon it fails, whatever its times. */
  private final Set<String> sent = new HashSet<>();

  ShardRun(ShardId shard, DataSource dataSource, Operation operation, Selection chosen, Pace pace) {
    this.shard = shard;
    this.dataSource = dataSource;
    this.operation = operation;
    this.chosen = chosen;
    this.pace = pace;
  }

  /** All of it. Interrupted or failed, {@link #report} tells what was done until then. */
  void run() throws SQLException, InterruptedException {
    LocalDateTime now = TableTransaction.run(dataSource, this::begin);
    // Who names events means them, though the clock of the worker that failed them be ahead.
    FailedRows failed =
        chosen.ids().isEmpty() ? new FailedRows(chosen, now) : new FailedRows(chosen);
    HeadTransaction transaction = new HeadTransaction(operation, failed);
    int atOnce = pace.atOnce(PAGE);
    String last = "";
    List<String> page;
    do {
      String after = last;
      page =
          TableTransaction.run(dataSource, connection -> failed.after(connection, after, atOnce))
              .stream()
              .map(WaitingRow::id)
              .toList();
      last = page.isEmpty() ? last : page.get(page.size() - 1);
      doAll(transaction, page.stream().filter(id -> !sent.contains(id)).toList());
    } while (page.size() == atOnce);
  }

  ShardReport report(Optional<RedriveException> failure) {
    return tally.report(failure);
  }

  /** Which of the ids that were named this shard has. */
  Set<String> knownIds() {
    return knownIds;
  }

  /** Looks for what was named and cannot be done; tells the time by the shard's clock. */
  private LocalDateTime begin(Connection connection) throws SQLException {
    for (String id : chosen.ids()) {
      Optional<PassedOver> obstacle = FailedRows.obstacle(connection, new EventKey(shard, id));
      if (!obstacle.filter(NotFound.class::isInstance).isPresent()) {
        knownIds.add(id);
        obstacle.filter(why -> !goesWithOthers(why)).ifPresent(why -> tally.passOver(id, why));
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet now = statement.executeQuery(NOW)) {
      now.next();
      return now.getObject(1, LocalDateTime.class);
    }
  }

  private boolean goesWithOthers(PassedOver why) {
    return why instanceof Parked parked && chosen.ids().contains(parked.head().id());
  }

  /** In one transaction; if that cannot be for the sake of some, in two. */
  private void doAll(HeadTransaction transaction, List<String> ids)
      throws SQLException, InterruptedException {
    if (ids.isEmpty()) {
      return;
    }
    pace.await();
    Optional<PassedOver> obstacle = attempt(transaction, ids);
    if (obstacle.isPresent() && ids.size() == 1) {
      tally.passOver(ids.get(0), obstacle.get());
    } else if (obstacle.isPresent()) {
      doAll(transaction, ids.subList(0, ids.size() / 2));
      doAll(transaction, ids.subList(ids.size() / 2, ids.size()));
    }
  }

  private Optional<PassedOver> attempt(HeadTransaction transaction, List<String> ids)
      throws SQLException {
    try {
      HeadTransaction.Done done =
          TableTransaction.run(dataSource, connection -> transaction.run(connection, ids));
      tally.add(done);
      pace.spend(done.rows());
      sent.addAll(done.followers());
      return Optional.empty();
    } catch (PassedOverException e) {
      return Optional.of(e.outcome());
    } catch (SQLException e) {
      return Optional.of(RowFailure.of(e).orElseThrow(() -> e));
    }
  }
}
