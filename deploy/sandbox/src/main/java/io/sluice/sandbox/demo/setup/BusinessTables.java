package io.sluice.sandbox.demo.setup;

import java.util.List;
import java.util.stream.Stream;

/**
 * The business tables of the trading back end. Each row names the event written with it, so that a
 * row committed without its event, or an event without its row, can be found.
 */
public final class BusinessTables {

  /** The names of the tables. */
  public static final List<String> NAMES =
      List.of("users", "orders", "fills", "price_alerts", "chat_messages", "signals");

  private static final List<String> COLUMNS =
      List.of(
          "email VARCHAR(255) NOT NULL, name VARCHAR(255) NOT NULL",
          "user_id VARCHAR(36) NOT NULL, symbol VARCHAR(16) NOT NULL,"
              + " amount DECIMAL(18, 2) NOT NULL",
          "order_id VARCHAR(36) NOT NULL, quantity INT NOT NULL",
          "symbol VARCHAR(16) NOT NULL, price DECIMAL(18, 2) NOT NULL",
          "room VARCHAR(36) NOT NULL, text VARCHAR(1000) NOT NULL",
          "symbol VARCHAR(16) NOT NULL, direction VARCHAR(8) NOT NULL");

  private BusinessTables() {}

  /** The statements that create the tables in the current database. */
  public static List<String> ddl() {
    return Stream.iterate(0, i -> i < NAMES.size(), i -> i + 1)
        .map(i -> create(NAMES.get(i), COLUMNS.get(i)))
        .toList();
  }

  private static String create(String table, String columns) {
    return "CREATE TABLE %s (id CHAR(36) NOT NULL PRIMARY KEY, event_id CHAR(36) NOT NULL, %s)"
        .formatted(table, columns);
  }
}
