package io.sluice.sandbox.demo.setup;

import java.util.List;

/**
 * The tables that transactional handlers write: they book each event of an order and change the
 * balance of its account. The event's id is not a key of {@code bookings}, so that an event that
 * takes effect twice is counted and not rejected by the database.
 */
public final class BookingTables {

  /** The event types that are booked. */
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

  private BookingTables() {}

  /** The statements that create the tables in the current database. */
  public static List<String> ddl() {
    return List.of(BOOKINGS, BALANCES);
  }
}
