package io.sluice.relay.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.BinlogEvents.Place;
import io.sluice.relay.shard.Secret;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardServer.Login;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import io.sluice.relay.shard.TlsMode;
import io.sluice.relay.shard.TransientException;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.api.MySqlAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Uses a separate server, because it purges the binlog. */
class LaterStatementsIT {

  private static final String HARMLESS = "ALTER TABLE outbox_events ADD INDEX (b)";
  private static final String FIRST = "ALTER TABLE outbox_events ADD c INT";
  private static final String SECOND = "ALTER TABLE trading.outbox_events DROP c";

  @Test
  void aBinlogFileIsSearchedOnlyOnce() throws Exception {
    try (MySqlServer mysql = MySqlServer.start()) {
      run(mysql, "CREATE DATABASE trading");
      run(mysql, "CREATE TABLE trading.outbox_events (a INT, b INT)");
      ShardSource source = source(mysql);
      ShardTable table = source.tables().get(0);
      LaterStatements statements = new LaterStatements(source);
      Place begin = end(source);
      run(mysql, "USE trading", HARMLESS);
      mysql.binaryLog().rotate();
      Place second = end(source);
      assertEquals("", first(statements, begin, table));

      run(mysql, "USE trading", FIRST);
      Place third = end(source);
      run(mysql, "USE trading", SECOND);
      mysql.binaryLog().rotate();
      assertEquals(FIRST, first(statements, begin, table));
      assertEquals(SECOND, first(statements, third, table));
      assertEquals("", first(statements, end(source), table));

      LaterStatements others = new LaterStatements(source);
      assertEquals(FIRST, first(others, begin, table));
      mysql.binaryLog().purge();
      assertEquals(FIRST, first(others, begin, table), "from memory");
      assertEquals(FIRST, first(others, second, table), "from memory");
      assertThrows(TransientException.class, () -> others.first(third, table));
    }
  }

  @Test
  void placesFollowTheNumbersOfFiles() {
    Place last = new Place("b.999999", 5_000);
    assertTrue(last.compareTo(new Place("b.1000000", 4)) < 0);
    assertTrue(last.compareTo(new Place("b.999998", 9_000)) > 0);
    assertTrue(last.compareTo(new Place("b.999999", 10_000)) < 0);
  }

  /** The server appends a comment with a number. */
  private static String first(LaterStatements statements, Place place, ShardTable table) {
    return statements.first(place, table).orElse("").replaceAll(" /\\*.*", "");
  }

  private static Place end(ShardSource source) {
    BinlogEnd end = BinlogEnd.of(source);
    return new Place(end.file(), end.position());
  }

  private static void run(MySqlServer mysql, String... statements) throws SQLException {
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static ShardSource source(MySqlServer mysql) {
    MySqlAddress address = mysql.address();
    Login login = new Login(address.admin().user(), new Secret(address.admin().password()));
    return ShardSource.of(
        new ShardServer(address.host(), address.port(), login, 1, TlsMode.DISABLED),
        new ShardTable(ShardId.of("shard-1"), "trading", TableLayout.STANDARD));
  }
}
