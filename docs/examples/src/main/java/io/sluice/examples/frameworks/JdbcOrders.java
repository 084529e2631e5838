package io.sluice.examples.frameworks;

import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** With JDBC alone. */
record JdbcOrders(DataSource database, OutboxWriter outbox, Limits limits) implements Orders {

  private static final String INSERT = "INSERT INTO orders (id, user_id, amount) VALUES (?, ?, ?)";

  @Override
  public void place(Order order) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        insert(connection, order);
        outbox.append(connection, order.created());
        limits.check(order); // any exception rolls both back
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private static void insert(Connection connection, Order order) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, order.id());
      insert.setString(2, order.userId());
      insert.setBigDecimal(3, order.amount());
      insert.executeUpdate();
    }
  }
}
