package io.sluice.sandbox.server.internal.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Queries a broker as a client. */
final class KafkaProbe {
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private KafkaProbe() {}

  /** Whether a broker of the cluster is registered and answers, within seconds. */
  static boolean isReady(String bootstrapServers) {
    return accepts(bootstrapServers) && answers(bootstrapServers);
  }

  /** Whether the cluster answers, within seconds. */
  static boolean answers(String bootstrapServers) {
    int bound = (int) ANSWER.toMillis();
    Map<String, Object> settings =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, bound,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, bound);
    try (Admin admin = Admin.create(settings)) {
      return !admin.describeCluster().nodes().get(bound, TimeUnit.MILLISECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while Kafka was asked");
    }
  }

  /**
   * Whether the address accepts connections. Uses a socket, because an admin client logs a warning
   * for each refused connection.
   */
  private static boolean accepts(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    String host = hostAndPort.substring(0, colon);
    int port = Integer.parseInt(hostAndPort.substring(colon + 1));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 2000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }
}
