package io.sluice.writer.spring;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.sandbox.junit.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A database with business data and an outbox.
 *
 * @param database of the test class
 */
record Shop(Database database) {

  static final String INSERT = "INSERT INTO orders VALUES (?)";

  /** Creates the tables, or empties them. */
  static Shop open(Database database) throws SQLException {
    database.run(
        OutboxTable.ddl()
            + "; CREATE TABLE IF NOT EXISTS orders (id VARCHAR(36) PRIMARY KEY);"
            + " DELETE FROM orders; DELETE FROM outbox_events");
    return new Shop(database);
  }

  static OutboxEvent orderCreated(String order) {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
        .aggregate("order", order)
        .json("{}")
        .build();
  }

  /** An application with this database as Spring Boot's data source; the caller closes it. */
  ConfigurableApplicationContext application(Class<?> configuration, String... settings) {
    return new SpringApplicationBuilder(configuration)
        .properties(settings)
        .properties(
            "spring.main.banner-mode=off",
            "logging.level.root=warn",
            "spring.datasource.url=" + database.jdbcUrl(),
            "spring.datasource.username=" + database.user(),
            "spring.datasource.password=" + database.password(),
            "spring.datasource.hikari.maximum-pool-size=2")
        .run();
  }

  List<String> orders() throws SQLException {
    return strings("SELECT id FROM orders ORDER BY id");
  }

  /** The orders that have events. */
  List<String> published() throws SQLException {
    return strings("SELECT aggregate_id FROM outbox_events ORDER BY aggregate_id");
  }

  private List<String> strings(String query) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }
}
