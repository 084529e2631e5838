package io.sluice.relay.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.relay.shard.OperatorNeededException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers health probes and Prometheus over HTTP: {@code /health/live}, {@code /health/ready} and
 * {@code /metrics}. Runs in separate threads from {@link #start} to {@link #close}. Thread-safe.
 */
public final class OpsServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OpsServer.class);
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final int THREADS = 3;
  private static final int WAITING_REQUESTS = 64;
  private static final long CLOSE_SECONDS = 5;

  private final HttpServer http;
  private final ExecutorService threads = threads();
  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RelayMetrics metrics;
  private final Health health;

  /** An HTTP response. */
  record Reply(int status, String contentType, String body) {

    static Reply text(int status, String body) {
      return new Reply(status, "text/plain; charset=utf-8", body + "\n");
    }
  }

  private OpsServer(HttpServer http, ObservedRelay relay) {
    this.http = http;
    this.metrics = new RelayMetrics(relay, registry);
    this.health = new Health(relay);
  }

  /**
   * Starts to listen.
   *
   * @throws OperatorNeededException if the address cannot be used
   */
  public static OpsServer start(OpsSettings settings, ObservedRelay relay) {
    boundRequests();
    OpsServer server = new OpsServer(listen(settings), relay);
    server.begin();
    return server;
  }

  /**
   * Prevents slow clients from blocking the threads that answer probes. The JDK's server offers
   * only system properties for it, in seconds.
   */
  private static void boundRequests() {
    for (String limit : List.of("sun.net.httpserver.maxReqTime", "sun.net.httpserver.maxRspTime")) {
      if (System.getProperty(limit) == null) {
        System.setProperty(limit, "5");
      }
    }
  }

  private static ExecutorService threads() {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        THREADS,
        THREADS,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(WAITING_REQUESTS),
        task -> {
          Thread thread = new Thread(task, "sluice-ops-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  private static HttpServer listen(OpsSettings settings) {
    String place = settings.host() + ":" + settings.port();
    InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
    try {
      if (address.isUnresolved()) {
        throw new IOException("no such host");
      }
      return HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new OperatorNeededException(
          "health and metrics cannot be served at %s: %s".formatted(place, e.getMessage()),
          "set ops.host to an address of this machine and ops.port to a free port, or to 0"
              + " for any; or disable it with 'ops: {enabled: false}'",
          e);
    }
  }

  private void begin() {
    metrics.bind();
    List.of(
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new UptimeMetrics(),
            new ProcessorMetrics(),
            garbage)
        .forEach(meters -> meters.bindTo(registry));
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  /** Host and port it listens on. */
  public String address() {
    InetSocketAddress address = http.getAddress();
    return address.getHostString() + ":" + address.getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      send(exchange, reply(exchange));
    } catch (RuntimeException e) {
      LOG.warn("a request for {} was not answered", exchange.getRequestURI().getPath(), e);
    }
  }

  private Reply reply(HttpExchange exchange) {
    return switch (exchange.getRequestURI().getPath()) {
      case "/health/live" -> ifGet(exchange, health::live);
      case "/health/ready" -> ifGet(exchange, health::ready);
      case "/metrics" -> ifGet(exchange, this::scrape);
      default ->
          Reply.text(
              HttpURLConnection.HTTP_NOT_FOUND, "try /health/live, /health/ready or /metrics");
    };
  }

  private static Reply ifGet(HttpExchange exchange, Supplier<Reply> reply) {
    if (exchange.getRequestMethod().equals("GET")) {
      return reply.get();
    }
    exchange.getResponseHeaders().set("Allow", "GET");
    return Reply.text(HttpURLConnection.HTTP_BAD_METHOD, "only GET is answered here");
  }

  private Reply scrape() {
    metrics.refresh();
    return new Reply(HttpURLConnection.HTTP_OK, PROMETHEUS_TEXT, registry.scrape());
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", reply.contentType());
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(reply.status(), isHead ? -1 : body.length);
    if (!isHead) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  /** Stops to listen at once; a request in progress may be cut off. */
  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a request is still in progress {} s after close", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    garbage.close(); // removes its listeners from the JVM
    registry.close();
  }
}
