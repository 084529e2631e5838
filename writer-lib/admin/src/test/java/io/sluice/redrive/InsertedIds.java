package io.sluice.redrive;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.server.MySqlServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Reads from the binlog which rows were inserted into an outbox, as a relay would. */
final class InsertedIds {

  private final MySqlServer server;
  private final Database database;
  private final String transactionsBefore;

  private InsertedIds(MySqlServer server, Database database, String transactionsBefore) {
    this.server = server;
    this.database = database;
    this.transactionsBefore = transactionsBefore;
  }

  static InsertedIds fromNow(MySqlServer server, Database database) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@GLOBAL.gtid_executed")) {
      row.next();
      return new InsertedIds(server, database, row.getString(1));
    }
  }

  /** The ids of the rows inserted since then, in binlog order. */
  List<String> read() throws IOException {
    List<String> ids = new ArrayList<>();
    Set<Long> tables = new HashSet<>();
    BinaryLogClient client =
        new BinaryLogClient(
            server.host(), server.port(), server.adminUser(), server.adminPassword());
    client.setSSLMode(SSLMode.DISABLED);
    client.setKeepAlive(false);
    client.setBlocking(false);
    // Unique: MySQL disconnects a client when another one connects with the same server id.
    client.setServerId(ThreadLocalRandom.current().nextLong(1L << 31, 1L << 32));
    client.setGtidSet(transactionsBefore);
    client.registerEventListener(event -> take(event, tables, ids));
    client.connect(); // until the end of the log
    return ids;
  }

  private void take(Event event, Set<Long> tables, List<String> ids) {
    if (event.getData() instanceof TableMapEventData map) {
      boolean ours =
          map.getDatabase().equals(database.name()) && map.getTable().equals("outbox_events");
      if (ours) {
        tables.add(map.getTableId());
      }
    } else if (event.getData() instanceof WriteRowsEventData inserted
        && tables.contains(inserted.getTableId())) {
      inserted.getRows().forEach(row -> ids.add(String.valueOf(row[0])));
    }
  }
}
