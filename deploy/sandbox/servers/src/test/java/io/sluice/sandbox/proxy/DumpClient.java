package io.sluice.sandbox.proxy;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import io.sluice.sandbox.junit.Account;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;

/**
 * Reads the binary log with the client that Debezium uses, and records the first column of every
 * inserted row.
 */
final class DumpClient implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final BinaryLogClient client;
  private final List<Serializable> rows = new CopyOnWriteArrayList<>();

  private DumpClient(BinaryLogClient client) {
    this.client = client;
    client.registerEventListener(this::take);
  }

  /** Connects through the proxy and reads the transactions that follow these. */
  static DumpClient after(String transactions, FaultProxy proxy, Account account)
      throws IOException, TimeoutException {
    BinaryLogClient client =
        new BinaryLogClient(proxy.host(), proxy.port(), account.user(), account.password());
    client.setSSLMode(SSLMode.DISABLED);
    client.setKeepAlive(false);
    client.setServerId(4_711);
    client.setGtidSet(transactions);
    DumpClient dump = new DumpClient(client);
    client.connect(BOUND.toMillis());
    return dump;
  }

  List<Serializable> rows() {
    return rows;
  }

  boolean isConnected() {
    return client.isConnected();
  }

  @Override
  public void close() throws IOException {
    client.disconnect();
  }

  private void take(Event event) {
    if (event.getData() instanceof WriteRowsEventData inserted) {
      inserted.getRows().forEach(row -> rows.add(row[0]));
    }
  }
}
