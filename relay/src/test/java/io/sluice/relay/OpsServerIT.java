package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.relay.ops.OpsServer;
import io.sluice.relay.ops.OpsSettings;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

@SandboxTest
class OpsServerIT {

  private record Answer(int status, String body) {}

  private static Answer get(OpsServer server, String path) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://" + server.address() + path).toURL().openConnection();
      connection.setRequestProperty("Connection", "close");
      int status = connection.getResponseCode();
      try (InputStream body =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return new Answer(status, new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void showsHealthAndMetricsOfARunningRelay(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "seen", 1);
    fixture.provision();

    Relay relay = RelayFixture.relay(fixture.config());
    try (OpsServer server = OpsServer.start(new OpsSettings(true, "127.0.0.1", 0), relay)) {
      try (relay;
          TopicReader topic = fixture.reader(EventDomain.CHAT)) {
        assertEquals(503, get(server, "/health/ready").status());
        assertEquals(200, get(server, "/health/live").status());
        relay.start();
        fixture.write(0, RelayFixture.chat("r", "{}"), RelayFixture.chat("r", "{}"));
        topic.await(2);

        Await.until(() -> get(server, "/health/ready").body().contains("\"s0\":\"RUNNING\""));
        assertEquals(200, get(server, "/health/ready").status());
        String metrics = get(server, "/metrics").body();
        for (String line :
            List.of(
                "sluice_relay_joined 1.0",
                "sluice_relay_leftovers_threads 0.0",
                "sluice_relay_events_published_total{shard=\"s0\"} 2.0",
                "sluice_relay_payload_published_bytes_total{shard=\"s0\"} 4.0",
                "sluice_relay_takeovers_total{shard=\"s0\"} 1.0",
                "sluice_relay_shard_state{shard=\"s0\",state=\"running\"} 1.0",
                "sluice_relay_batches_seconds_count{shard=\"s0\"} ",
                "sluice_relay_lag_seconds{shard=\"s0\"} ",
                "sluice_relay_position_age_seconds{shard=\"s0\"} ")) {
          assertTrue(metrics.contains(line), line + " is not in " + metrics);
        }
      }

      String after = get(server, "/metrics").body();
      assertFalse(after.contains("sluice_relay_lag_seconds{"), after);
      assertTrue(after.contains("sluice_relay_events_published_total{shard=\"s0\"} 2.0"), after);
      assertEquals(503, get(server, "/health/live").status());
    }
  }
}
