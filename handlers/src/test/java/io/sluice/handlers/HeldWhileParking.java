package io.sluice.handlers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/** A data source that checks, when an event is parked, whether a row is locked. */
final class HeldWhileParking extends TestDataSource {

  private static final int ER_LOCK_NOWAIT = 3572;

  private final DataSource target;
  private final String id;
  private final List<Boolean> held = new CopyOnWriteArrayList<>();

  HeldWhileParking(DataSource target, String id) {
    this.target = target;
    this.id = id;
  }

  /** Whether the row was locked, for each parked event. */
  List<Boolean> held() {
    return List.copyOf(held);
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = target.getConnection();
    return Overheard.connection(
        connection,
        (method, sql) -> {
          if (sql.contains("SET status = 'FAILED', last_error")) {
            held.add(isHeld());
          }
        });
  }

  private boolean isHeld() throws SQLException {
    try (Connection another = target.getConnection();
        PreparedStatement select =
            another.prepareStatement(
                "SELECT id FROM outbox_events WHERE id = ? FOR UPDATE NOWAIT")) {
      select.setString(1, id);
      select.executeQuery();
      return false;
    } catch (SQLException e) {
      if (e.getErrorCode() == ER_LOCK_NOWAIT) {
        return true;
      }
      throw e;
    }
  }
}
