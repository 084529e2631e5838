package io.sluice.sandbox.demo.workers;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.TransactionalEventHandler;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Books an event in its shard. Planned failures happen after the handler has written its rows, so
 * that the rollback is tested.
 */
final class BookingHandler implements TransactionalEventHandler {

  private static final String BOOK =
      """
      INSERT INTO bookings (event_id, account, amount) VALUES (?, ?, ?)
      """;

  private static final String MOVE_BALANCE =
      """
      INSERT INTO balances (account, amount) VALUES (?, ?) AS booked
      ON DUPLICATE KEY UPDATE amount = balances.amount + booked.amount
      """;

  /** Makes the transaction longer, so that kills hit open transactions. */
  private static final String WORK = "DO SLEEP(0.01)";

  private final String amountField;

  /**
   * @param amountField the field of the payload with the number to book
   */
  BookingHandler(String amountField) {
    this.amountField = amountField;
  }

  @Override
  public void handle(HandledEvent event, Connection connection) throws SQLException, IOException {
    String account = event.aggregateType() + " " + event.aggregateId();
    BigDecimal amount = amount(event);
    update(connection, BOOK, event.id(), account, amount);
    update(connection, MOVE_BALANCE, account, amount);
    try (Statement work = connection.createStatement()) {
      work.execute(WORK);
    }
    Downstream.call(event);
  }

  private BigDecimal amount(HandledEvent event) throws IOException {
    JsonNode amount = JsonPayload.of(event).path(amountField);
    if (!amount.isNumber()) {
      throw new IOException(
          "the payload of event %s has no number '%s'".formatted(event.id(), amountField));
    }
    return amount.decimalValue();
  }

  private static void update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
