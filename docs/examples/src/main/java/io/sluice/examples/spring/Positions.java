package io.sluice.examples.spring;

import java.math.BigDecimal;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The positions of users. The caller chooses the connection of its statements. */
final class Positions {

  private static final String ADD =
      """
      INSERT INTO positions (user_id, symbol, quantity) VALUES (?, ?, ?) AS new
      ON DUPLICATE KEY UPDATE quantity = positions.quantity + new.quantity
      """;

  private final JdbcClient jdbc;

  Positions(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void add(String userId, String symbol, BigDecimal quantity) {
    jdbc.sql(ADD).params(userId, symbol, quantity).update();
  }
}
