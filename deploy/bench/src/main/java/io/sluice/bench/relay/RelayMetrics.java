package io.sluice.bench.relay;

import io.sluice.bench.harness.ChildProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;

/** The metrics that a relay serves. */
final class RelayMetrics {

  private static final Duration BOUND = Duration.ofMinutes(3);

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI uri;

  RelayMetrics(int port) {
    this.uri = URI.create("http://127.0.0.1:" + port + "/metrics");
  }

  /** Waits until so many shards are running. */
  void awaitRunning(int shards, ChildProcess relay) throws InterruptedException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (running() < shards) {
      relay.requireAlive();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "only %d of %d shards run after %d s".formatted(running(), shards, BOUND.toSeconds()));
      }
      Thread.sleep(100);
    }
  }

  private long running() throws InterruptedException {
    return lines()
        .filter(line -> line.startsWith("sluice_relay_shard_state{"))
        .filter(line -> line.contains("state=\"running\"") && value(line) == 1)
        .count();
  }

  /** The used heap. */
  double heapMegabytes() throws InterruptedException {
    double bytes =
        lines()
            .filter(line -> line.startsWith("jvm_memory_used_bytes{"))
            .filter(line -> line.contains("area=\"heap\""))
            .mapToDouble(RelayMetrics::value)
            .sum();
    if (bytes == 0) {
      throw new IllegalStateException(uri + " does not show jvm_memory_used_bytes of the heap");
    }
    return bytes / (1 << 20);
  }

  private static double value(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  /** Empty while the relay does not answer yet. */
  private Stream<String> lines() throws InterruptedException {
    try {
      return client
          .send(HttpRequest.newBuilder(uri).timeout(BOUND).build(), BodyHandlers.ofString())
          .body()
          .lines();
    } catch (IOException e) {
      return Stream.empty();
    }
  }
}
