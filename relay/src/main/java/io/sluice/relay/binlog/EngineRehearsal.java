package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.BinaryLogClient.AbstractLifecycleListener;
import com.github.shyiko.mysql.binlog.network.DefaultSSLSocketFactory;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import io.debezium.config.Configuration;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.jdbc.MySqlConnection;
import io.debezium.connector.mysql.jdbc.MySqlConnectionConfiguration;
import io.debezium.connector.mysql.jdbc.MySqlFieldReaderResolver;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TlsMode;
import io.sluice.relay.state.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Opens the connections of an engine from a position, up to the first event, and closes them. What
 * would end an engine at its start is thus found before there is one, with the same message.
 */
public final class EngineRehearsal {

  private static final int TIMEOUT_MILLIS = 10_000;

  private EngineRehearsal() {}

  /**
   * Rehearses the start of an engine. It does not disturb an engine that reads the same server.
   *
   * @throws RelayException the failure with which an engine would end
   */
  public static void run(ShardSource source, Position position) {
    Configuration settings = Configuration.from(EngineProperties.connection(source));
    try (MySqlConnection connection =
        new MySqlConnection(
            new MySqlConnectionConfiguration(settings),
            MySqlFieldReaderResolver.resolve(new MySqlConnectorConfig(settings)))) {
      read(source.server(), position, connection.getSessionVariableForSslVersion());
    } catch (SQLException | IOException | RuntimeException e) {
      throw new EngineEnd("the engine could not start", e).failure(source);
    }
  }

  /** Rehearses a start at the current end of the binlog. */
  public static void atEnd(ShardSource source) {
    BinlogEnd end = BinlogEnd.of(source);
    run(
        source,
        Position.first(Position.offsetAt(end.file(), end.position(), end.gtidSet()), "(none)"));
  }

  private static void read(ShardServer server, Position position, @Nullable String tls)
      throws IOException {
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
    client.setSocketFactory(EngineRehearsal::socket);
    if (server.tls() != TlsMode.DISABLED) {
      client.setSSLMode(SSLMode.VERIFY_IDENTITY);
      client.setSslSocketFactory(new DefaultSSLSocketFactory(tls));
    }
    position.gtidSet().ifPresentOrElse(client::setGtidSet, () -> setFile(client, position));
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    client.registerLifecycleListener(
        new AbstractLifecycleListener() {
          @Override
          public void onCommunicationFailure(BinaryLogClient reader, Exception cause) {
            failure.compareAndSet(null, cause);
          }
        });
    client.registerEventListener(event -> disconnect(client));
    client.connect();
    @Nullable Exception cause = failure.get();
    if (cause != null) {
      throw new IOException("the binlog cannot be read", cause);
    }
  }

  private static void setFile(BinaryLogClient client, Position position) {
    client.setBinlogFilename(position.file());
    client.setBinlogPosition(position.positionInFile());
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
