package io.sluice.relay.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpsServerTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private final SeenRelay relay = new SeenRelay();
  private OpsServer server;

  @BeforeEach
  void start() {
    server = OpsServer.start(new OpsSettings(true, "127.0.0.1", 0), relay);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private HttpResponse<String> ask(String method, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + server.address() + path))
            .method(method, BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(30))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return ask("GET", path);
  }

  @Test
  void isLiveUntilTheProcessShouldBeRestarted() throws Exception {
    assertEquals(200, get("/health/live").statusCode());

    relay.end.complete("300 threads have not ended");

    HttpResponse<String> response = get("/health/live");
    assertEquals(503, response.statusCode());
    assertTrue(response.body().contains("300 threads have not ended"), response.body());
  }

  @Test
  void isReadyAfterJoiningWhateverTheStateOfAShard() throws Exception {
    assertEquals(503, get("/health/ready").statusCode());

    relay.joined = true;
    relay.states.put(ShardId.of("s0"), ShardState.RUNNING);
    relay.states.put(ShardId.of("s1"), ShardState.STOPPED);

    HttpResponse<String> response = get("/health/ready");
    assertEquals(200, response.statusCode());
    assertEquals(
        "{\"shards\":{\"s0\":\"RUNNING\",\"s1\":\"STOPPED\"},\"status\":\"UP\"}\n",
        response.body());
    relay.end.complete("closed");
    assertEquals(503, get("/health/ready").statusCode());
  }

  @Test
  void showsTheMetricsOfRelayAndProcess() throws Exception {
    HttpResponse<String> response = get("/metrics");

    assertEquals(200, response.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        response.headers().firstValue("Content-Type").orElse(""));
    for (String name :
        List.of(
            "sluice_relay_joined 0.0",
            "jvm_memory_used_bytes{",
            "jvm_threads_live_threads ",
            "process_uptime_seconds ",
            "jvm_gc_",
            "system_cpu_count ")) {
      assertTrue(response.body().contains(name), name);
    }
  }

  @Test
  void answersNothingElse() throws Exception {
    assertEquals(404, get("/health/livex").statusCode());
    assertEquals(404, get("/health/live/x").statusCode());
    assertEquals(404, get("/").statusCode());
    assertEquals(405, ask("POST", "/metrics").statusCode());
    assertEquals(405, ask("DELETE", "/health/live").statusCode());
    assertEquals(405, ask("HEAD", "/health/ready").statusCode());
    assertEquals("GET", ask("PUT", "/metrics").headers().firstValue("Allow").orElse(""));
  }

  @Test
  void aUsedPortIsReportedAsOneError() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      OpsSettings settings = new OpsSettings(true, "127.0.0.1", taken.getLocalPort());

      OperatorNeededException refusal =
          assertThrows(OperatorNeededException.class, () -> OpsServer.start(settings, relay));

      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains("127.0.0.1:" + taken.getLocalPort()), message);
      assertTrue(message.contains("already in use"), message);
      assertTrue(message.contains("ops.port"), message);
      assertEquals(1, message.lines().count());
    }
  }

  @Test
  void anUnknownHostIsReportedAsOneError() {
    OpsSettings settings = new OpsSettings(true, "no-such-host.invalid", 0);

    String message =
        String.valueOf(
            assertThrows(OperatorNeededException.class, () -> OpsServer.start(settings, relay))
                .getMessage());

    assertTrue(message.contains("no such host"), message);
  }

  @Test
  void clientsWithIncompleteRequestsDoNotBlockProbes() throws Exception {
    int port = URI.create("http://" + server.address()).getPort();
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write("GET /metr".getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        slow.add(socket);
      }

      assertEquals(200, get("/health/live").statusCode());
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void leavesNoThreadBehind() throws Exception {
    get("/metrics");
    server.close();

    List<Thread> ending =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().matches("sluice-ops-.*|HTTP-Dispatcher"))
            .toList();
    for (Thread thread : ending) {
      thread.join(10_000);
      assertFalse(thread.isAlive(), thread.getName());
    }
  }
}
