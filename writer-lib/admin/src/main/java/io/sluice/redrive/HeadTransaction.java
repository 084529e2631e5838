package io.sluice.redrive;

import io.sluice.redrive.RedriveOutcome.Busy;
import io.sluice.redrive.WaitingRow.Aggregate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Redrives or discards some failed events in one transaction, and sends again with them what must
 * not overtake them. Immutable; the connection is used by one thread.
 */
final class HeadTransaction {

  /** More than that are done together only where one aggregate demands it. */
  static final int MOST_ROWS = 1_000;

  private static final int MOST_LOOKS = 10;

  private final Operation operation;
  private final FailedRows failed;

  HeadTransaction(Operation operation, FailedRows failed) {
    this.operation = operation;
    this.failed = failed;
  }

  /**
   * What was done.
   *
   * @param heads the failed events' ids
   * @param followers ids of what was sent again because of them
   */
  record Done(List<String> heads, List<String> followers) {
    public Done {
      heads = List.copyOf(heads);
      followers = List.copyOf(followers);
    }

    int rows() {
      return heads.size() + followers.size();
    }
  }

  /**
   * Does it with those that are to be had still. The caller commits.
   *
   * @throws PassedOverException if the transaction is to be rolled back for the sake of some
   */
  Done run(Connection connection, Collection<String> ids) throws SQLException {
    List<WaitingRow> heads = failed.lock(connection, ids);
    if (heads.isEmpty()) {
      return new Done(List.of(), List.of());
    }
    Followers followers = new Followers(operation, heads);
    List<WaitingRow> found = followers.takeNew(connection);
    if (heads.size() > 1 && heads.size() + found.size() > MOST_ROWS) {
      throw new PassedOverException(new Busy()); // the caller tries fewer
    }
    List<String> sent = new ArrayList<>();
    try (Reinsertion rows = Reinsertion.on(connection)) {
      write(rows, heads, found);
      // What is committed meanwhile may be on its topic before what is inserted here.
      for (int look = 0; !found.isEmpty() || look == 0; look++) {
        if (look == MOST_LOOKS) {
          throw new PassedOverException(new Busy());
        }
        found.forEach(row -> sent.add(row.id()));
        found = followers.takeNew(connection);
        write(rows, List.of(), found);
      }
    }
    return new Done(heads.stream().map(WaitingRow::id).toList(), sent);
  }

  private void write(Reinsertion rows, List<WaitingRow> heads, List<WaitingRow> followers)
      throws SQLException {
    Set<WaitingRow> discarded = operation == Operation.DISCARD ? Set.copyOf(heads) : Set.of();
    for (WaitingRow row : inOrder(heads, followers)) {
      if (discarded.contains(row)) {
        rows.delete(row.id());
      } else {
        rows.again(row.id());
      }
    }
  }

  /** By id, but none before the failed event because of which it is sent again. */
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
