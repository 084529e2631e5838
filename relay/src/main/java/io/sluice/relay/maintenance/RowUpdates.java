package io.sluice.relay.maintenance;

import io.sluice.relay.mysql.KeptConnection;
import io.sluice.relay.mysql.TableAccess;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Updates rows together, or one by one if this fails, so that a row that cannot be updated does not
 * delay others. Used by one thread for one round.
 *
 * @param <R> what describes a row
 */
final class RowUpdates<R> {

  // The rows together have waited for the lock already.
  private static final String LOCK = "SELECT id FROM {table} WHERE id = ? FOR UPDATE NOWAIT";

  private final KeptConnection kept;
  private final Function<R, String> id;
  private final Update<R> update;
  private final List<R> failed = new ArrayList<>();
  private @Nullable SQLException failure;

  RowUpdates(KeptConnection kept, Function<R, String> id, Update<R> update) {
    this.kept = kept;
    this.id = id;
    this.update = update;
  }

  /** Updates rows of a table without committing, and returns their number. */
  interface Update<R> {
    int run(Connection connection, TableAccess table, List<R> rows) throws SQLException;
  }

  /** Updates rows of a table, and returns the number of updated ones. */
  int run(TableAccess table, List<R> rows) {
    if (rows.isEmpty()) {
      return 0;
    }
    try {
      Connection connection = kept.to(table);
      try {
        return commit(connection, table, rows);
      } catch (SQLException e) {
        connection.rollback();
        return runEach(connection, table, rows, e);
      }
    } catch (SQLException e) {
      // The connection failed, and is closed when that is reported. The rows updated before are
      // updated again, which changes nothing.
      failed.addAll(rows);
      failure = e;
      return 0;
    }
  }

  private int runEach(Connection connection, TableAccess table, List<R> rows, SQLException together)
      throws SQLException {
    int updated = 0;
    List<R> refused = new ArrayList<>();
    for (R row : rows) {
      try (PreparedStatement lock = connection.prepareStatement(table.sql(LOCK))) {
        lock.setString(1, id.apply(row));
        lock.executeQuery().close();
        updated += commit(connection, table, List.of(row));
      } catch (SQLException e) {
        connection.rollback();
        refused.add(row);
        failure = together;
      }
    }
    failed.addAll(refused);
    return updated;
  }

  private int commit(Connection connection, TableAccess table, List<R> rows) throws SQLException {
    int updated = update.run(connection, table, rows);
    connection.commit();
    return updated;
  }

  /** The rows that could not be updated. */
  List<R> failed() {
    return failed;
  }

  /**
   * Throws the last failure, unless more rows may wait behind this round and it has made progress.
   *
   * @param rows number of rows of the round
   * @param most maximum number of rows of a round
   */
  void reportIfStuck(int rows, int most) throws SQLException {
    if (failure != null && (rows < most || failed.size() == rows)) {
      throw failure;
    }
  }
}
