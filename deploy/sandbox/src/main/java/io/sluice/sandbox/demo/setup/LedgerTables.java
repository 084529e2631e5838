package io.sluice.sandbox.demo.setup;

import java.util.List;

/**
 * The tables that the workers' transactional handlers write: each event of an order is booked, and
 * the balance of its account is moved. An event's id is no key of {@code bookings}, so that an
 * event that takes effect twice is not hidden by the database, but counted.
 */
public final class LedgerTables {

  /** The types of events that are booked. */
  public static final List<String> EVENT_TYPES = List.of("order_created", "order_filled");

  private static final String BOOKINGS =
      """
      CREATE TABLE bookings (
        id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
        event_id CHAR(36) NOT NULL,
        account VARCHAR(255) NOT NULL,
        amount DECIMAL(18, 2) NOT NULL)
      """;

  private static final String BALANCES =
      """
      CREATE TABLE balances (
        account VARCHAR(255) NOT NULL PRIMARY KEY,
        amount DECIMAL(18, 2) NOT NULL)
      """;

  private LedgerTables() {}

  /** The statements that create them in the current database. */
  public static List<String> ddl() {
    return List.of(BOOKINGS, BALANCES);
  }
}
