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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Redrives or discards the selected events of one shard, page by page in the order of ids. An
 * instance is used once, by one thread.
 */
final class ShardRedrive {

  // Each page scans all unfinished rows twice, so small pages are slow.
  private static final int PAGE = 500;
  private static final int MOST_EXAMPLES = 100;
  // As text: with sendFractionalSeconds=false the driver cuts times.
  private static final String NOW = "SELECT CAST(UTC_TIMESTAMP(6) AS CHAR)";

  private final ShardId shard;
  private final DataSource dataSource;
  private final Operation operation;
  private final FailedEvents selection;
  private final Pace pace;

  private final Set<String> knownIds = new HashSet<>();

  /** Followers that failed again must not be redriven again, whatever their failure times are. */
  private final Set<String> redrivenFollowers = new HashSet<>();

  private final Map<String, PassedOver> examples = new TreeMap<>();
  private long events;
  private long followers;
  private long passedOver;

  ShardRedrive(
      ShardId shard,
      DataSource dataSource,
      Operation operation,
      FailedEvents selection,
      Pace pace) {
    this.shard = shard;
    this.dataSource = dataSource;
    this.operation = operation;
    this.selection = selection;
    this.pace = pace;
  }

  /**
   * Processes all pages. If this method throws, {@link #report} contains the transactions that were
   * committed before.
   */
  void run() throws SQLException, InterruptedException {
    String now = TableTransaction.run(dataSource, this::begin);
    // An event selected by id is redriven even if the clock of the worker that failed it is ahead.
    FailedRows failed =
        selection.ids().isEmpty() ? new FailedRows(selection, now) : new FailedRows(selection);
    HeadTransaction transaction = new HeadTransaction(operation, failed);
    int size = pace.page(PAGE);
    String last = "";
    List<String> page;
    do {
      String after = last;
      page =
          TableTransaction.run(dataSource, connection -> failed.after(connection, after, size))
              .stream()
              .map(WaitingRow::id)
              .toList();
      last = page.isEmpty() ? last : page.get(page.size() - 1);
      process(transaction, page.stream().filter(id -> !redrivenFollowers.contains(id)).toList());
    } while (page.size() == size);
  }

  ShardReport report(Optional<RedriveException> failure) {
    return new ShardReport(events, followers, passedOver, examples, failure);
  }

  /** The selected ids that this shard has. */
  Set<String> knownIds() {
    return knownIds;
  }

  /**
   * Records which of the selected ids cannot be redriven.
   *
   * @return the time of the shard's clock
   */
  private String begin(Connection connection) throws SQLException {
    for (String id : selection.ids()) {
      Optional<PassedOver> obstacle = FailedRows.obstacle(connection, new EventKey(shard, id));
      if (!obstacle.filter(NotFound.class::isInstance).isPresent()) {
        knownIds.add(id);
        obstacle.filter(why -> !followsSelected(why)).ifPresent(why -> passOver(id, why));
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet now = statement.executeQuery(NOW)) {
      now.next();
      return now.getString(1);
    }
  }

  private boolean followsSelected(PassedOver why) {
    return why instanceof Parked parked && selection.ids().contains(parked.head().id());
  }

  private void passOver(String id, PassedOver why) {
    passedOver++;
    if (examples.size() < MOST_EXAMPLES) {
      examples.put(id, why);
    }
  }

  /**
   * Processes the events in one transaction. If it fails because of some events, each half gets its
   * own transaction.
   */
  private void process(HeadTransaction transaction, List<String> ids)
      throws SQLException, InterruptedException {
    if (ids.isEmpty()) {
      return;
    }
    pace.await();
    Optional<PassedOver> obstacle = attempt(transaction, ids);
    if (obstacle.isPresent() && ids.size() == 1) {
      passOver(ids.get(0), obstacle.get());
    } else if (obstacle.isPresent()) {
      process(transaction, ids.subList(0, ids.size() / 2));
      process(transaction, ids.subList(ids.size() / 2, ids.size()));
    }
  }

  private Optional<PassedOver> attempt(HeadTransaction transaction, List<String> ids)
      throws SQLException {
    try {
      HeadTransaction.Done done = transaction.run(dataSource, ids);
      events += done.heads().size();
      followers += done.followers().size();
      redrivenFollowers.addAll(done.followers());
      pace.spend(done.rows());
      return Optional.empty();
    } catch (PassedOverException e) {
      return Optional.of(e.outcome());
    }
  }
}
