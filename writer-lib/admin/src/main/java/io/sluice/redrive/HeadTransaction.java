package io.sluice.redrive;

import io.sluice.outbox.MySqlErrors;
import io.sluice.redrive.RedriveOutcome.Busy;
import io.sluice.redrive.RedriveOutcome.PassedOver;
import io.sluice.redrive.RedriveOutcome.Refused;
import io.sluice.redrive.WaitingRow.Aggregate;
import io.sluice.repository.internal.TableTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Redrives or discards some failed events (heads) in one transaction, and redrives their followers
 * with them. Immutable.
 */
final class HeadTransaction {

  /**
   * Maximum rows of a transaction with several heads. A transaction with one head is not limited,
   * because it includes all followers.
   */
  static final int MOST_ROWS = 1_000;

  private static final int MOST_LOOKS = 10;

  private static final int ER_LOCK_WAIT_TIMEOUT = 1205;
  private static final int ER_LOCK_DEADLOCK = 1213;
  private static final int ER_LOCK_NOWAIT = 3572;

  private final Operation operation;
  private final FailedRows failed;

  HeadTransaction(Operation operation, FailedRows failed) {
    this.operation = operation;
    this.failed = failed;
  }

  /**
   * The rows of a transaction.
   *
   * @param heads ids of the failed events that were redriven or discarded
   * @param followers ids of the events that were redriven after them
   */
  record Done(List<String> heads, List<String> followers) {
    Done {
      heads = List.copyOf(heads);
      followers = List.copyOf(followers);
    }

    int rows() {
      return heads.size() + followers.size();
    }
  }

  /**
   * Processes the events that still match the selection.
   *
   * @throws PassedOverException if the transaction was rolled back because of some events
   * @throws SQLException if the failure concerns the whole shard
   */
  Done run(DataSource dataSource, Collection<String> ids) throws SQLException {
    try {
      return TableTransaction.run(dataSource, connection -> run(connection, ids));
    } catch (SQLException e) {
      throw ofRows(e).map(PassedOverException::new).orElseThrow(() -> e);
    }
  }

  /** Why the rows were passed over; empty if the failure concerns the whole shard. */
  private static Optional<PassedOver> ofRows(SQLException failure) {
    return switch (failure.getErrorCode()) {
      case ER_LOCK_NOWAIT, ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK -> Optional.of(new Busy());
      default ->
          MySqlErrors.isValueRefused(failure) ? Optional.of(refused(failure)) : Optional.empty();
    };
  }

  // Omits the server's message, which quotes values.
  private static Refused refused(SQLException failure) {
    return new Refused(
        "MySQL refuses this row or one of its followers with error %d [SQL state %s]: check the"
                .formatted(failure.getErrorCode(), failure.getSQLState())
            + " table's constraints, foreign keys and triggers");
  }

  private Done run(Connection connection, Collection<String> ids) throws SQLException {
    List<WaitingRow> heads = failed.lock(connection, ids);
    if (heads.isEmpty()) {
      return new Done(List.of(), List.of());
    }
    Followers followers = new Followers(operation, heads);
    List<WaitingRow> found = followers.takeNew(connection);
    if (heads.size() > 1 && heads.size() + found.size() > MOST_ROWS) {
      throw new PassedOverException(new Busy()); // the caller retries with fewer events
    }
    List<String> redriven = new ArrayList<>();
    try (Reinsertion rows = Reinsertion.on(connection)) {
      write(rows, heads, found);
      // An event that is committed in the meantime may reach its topic before the rows inserted
      // here, so repeat the search until it finds none.
      for (int look = 0; !found.isEmpty() || look == 0; look++) {
        if (look == MOST_LOOKS) {
          throw new PassedOverException(new Busy());
        }
        found.forEach(row -> redriven.add(row.id()));
        found = followers.takeNew(connection);
        write(rows, List.of(), found);
      }
    }
    return new Done(heads.stream().map(WaitingRow::id).toList(), redriven);
  }

  private void write(Reinsertion rows, List<WaitingRow> heads, List<WaitingRow> followers)
      throws SQLException {
    Set<WaitingRow> discarded = operation == Operation.DISCARD ? Set.copyOf(heads) : Set.of();
    for (WaitingRow row : inOrder(heads, followers)) {
      if (discarded.contains(row)) {
        rows.delete(row.id());
      } else {
        rows.reinsert(row.id());
      }
    }
  }

  /** Orders rows by id, but no follower before its head. */
  private static List<WaitingRow> inOrder(List<WaitingRow> heads, List<WaitingRow> followers) {
    Map<Aggregate, String> firstHeads = new HashMap<>();
    heads.forEach(head -> firstHeads.merge(head.aggregate(), head.id(), HeadTransaction::earlier));
    Set<String> headIds = heads.stream().map(WaitingRow::id).collect(Collectors.toSet());
    Comparator<WaitingRow> order =
        Comparator.comparing(
                (WaitingRow row) -> {
                  String head = row.isFailed() ? row.head() : firstHeads.get(row.aggregate());
                  return head != null && headIds.contains(head) ? later(head, row.id()) : row.id();
                })
            .thenComparing(row -> !headIds.contains(row.id()))
            .thenComparing(WaitingRow::id);
    List<WaitingRow> all = new ArrayList<>(heads);
    all.addAll(followers);
    all.sort(order);
    return all;
  }

  private static String earlier(String one, String other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static String later(String one, String other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
