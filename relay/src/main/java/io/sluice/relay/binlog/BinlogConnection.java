package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.BinaryLogClient.AbstractLifecycleListener;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.network.DefaultSSLSocketFactory;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import io.debezium.config.Configuration;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.jdbc.MySqlConnection;
import io.debezium.connector.mysql.jdbc.MySqlConnectionConfiguration;
import io.debezium.connector.mysql.jdbc.MySqlFieldReaderResolver;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TlsMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A connection with the settings of an engine, for the first events from a position. It does not
 * disturb an engine that reads the same server.
 */
final class BinlogConnection {

  private static final int TIMEOUT_MILLIS = 10_000;

  private BinlogConnection() {}

  /**
   * Reads until an event is the last one that is wanted, or up to the end of the binlog.
   *
   * @param from sets the position
   * @param isLast is called with each event
   */
  static void read(ShardSource source, Consumer<BinaryLogClient> from, Predicate<Event> isLast)
      throws SQLException, IOException {
    Configuration settings = Configuration.from(EngineProperties.connection(source));
    try (MySqlConnection connection =
        new MySqlConnection(
            new MySqlConnectionConfiguration(settings),
            MySqlFieldReaderResolver.resolve(new MySqlConnectorConfig(settings)))) {
      BinaryLogClient client =
          client(source.server(), connection.getSessionVariableForSslVersion());
      from.accept(client);
      read(client, isLast);
    }
  }

  private static BinaryLogClient client(ShardServer server, @Nullable String tls) {
    BinaryLogClient client =
        new BinaryLogClient(
            server.host(),
            server.port(),
            server.login().username(),
            server.login().password().value());
    // The server ends other readers with the same id, but not with the id 0 of this kind.
    client.setBlocking(false);
    client.setKeepAlive(false);
    client.setConnectTimeout(TIMEOUT_MILLIS);
    client.setSocketFactory(BinlogConnection::socket);
    if (server.tls() != TlsMode.DISABLED) {
      client.setSSLMode(SSLMode.VERIFY_IDENTITY);
      client.setSslSocketFactory(new DefaultSSLSocketFactory(tls));
    }
    return client;
  }

  private static void read(BinaryLogClient client, Predicate<Event> isLast) throws IOException {
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    client.registerLifecycleListener(
        new AbstractLifecycleListener() {
          @Override
          public void onCommunicationFailure(BinaryLogClient reader, Exception cause) {
            failure.compareAndSet(null, cause);
          }
        });
    client.registerEventListener(
        event -> {
          if (isLast.test(event)) {
            disconnect(client);
          }
        });
    client.connect();
    @Nullable Exception cause = failure.get();
    if (cause != null) {
      throw new IOException("the binlog cannot be read", cause);
    }
  }

  private static Socket socket() throws SocketException {
    Socket socket = new Socket();
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  private static void disconnect(BinaryLogClient client) {
    try {
      client.disconnect();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
