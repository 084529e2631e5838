package io.sluice.sandbox.proxy;

import io.sluice.sandbox.server.api.ProxyException;
import io.sluice.sandbox.server.process.FreePort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A proxy between a client and a MySQL server that injects network faults on demand.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to(mysql.host(), mysql.port())) {
 *   // The relay is given proxy.host() and proxy.port(), and a connection without TLS.
 *   proxy.cutAfterWriteRowsEvents(3, Cut.RESET);
 *   insertTenRowsInOneTransaction();
 *   proxy.awaitTraffic(traffic -> traffic.dumps() == 2, Duration.ofSeconds(30)); // it is back
 * }
 * }</pre>
 *
 * <p>It counts the write-rows events of binary log dumps, which contain inserted rows. An {@code
 * INSERT} of one row produces one event. An {@code INSERT} of many rows produces few events, each
 * up to the server's {@code binlog_row_event_max_size}. Not counted are updates, deletes, events
 * inside a compressed transaction, events on an encrypted or compressed connection ({@link
 * Traffic#opaque}), and events sent to a replica with semi-synchronous replication. The count
 * includes all dumps and all tables. Other connections, for example of JDBC, are never cut or held
 * by count.
 *
 * <p>Thread-safe. The caller closes it.
 */
public final class FaultProxy implements AutoCloseable {
  private final InetSocketAddress address;
  private final Faults faults = new Faults();
  private final Links links;
  private Optional<Listener> listener = Optional.empty();
  private volatile InetSocketAddress target;

  private FaultProxy(InetSocketAddress address, InetSocketAddress target) {
    this.address = address;
    this.target = target;
    this.links = new Links("fault-proxy-" + address.getPort(), faults);
  }

  /** Opens a proxy on a free port of this machine. */
  public static FaultProxy to(String host, int port) {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find());
    FaultProxy proxy = new FaultProxy(address, new InetSocketAddress(host, port));
    proxy.accept();
    return proxy;
  }

  /** The loopback address, on which the proxy listens. */
  public String host() {
    return address.getAddress().getHostAddress();
  }

  /** The port on which the proxy listens. It does not change while connections are refused. */
  public int port() {
    return address.getPort();
  }

  /** Sends later connections to another server. Open connections are not affected. */
  public void pointTo(String otherHost, int otherPort) {
    target = new InetSocketAddress(otherHost, otherPort);
  }

  /**
   * Cuts the dump with the n-th write-rows event from now on, right after this event. Takes effect
   * once; a new call replaces a pending one.
   */
  public void cutAfterWriteRowsEvents(long count, Cut how) {
    faults.cutAfter(positive(count), how);
  }

  /**
   * Holds the dump with the n-th write-rows event from now on, right before this event, when the
   * client has received everything before it. {@link Traffic#held} shows that it is held. The dump
   * stays held until {@link #release}, even if the client reconnects.
   */
  public void holdBeforeWriteRowsEvent(long count) {
    faults.holdBefore(positive(count));
  }

  /** Releases the held stream, and cancels a pending hold. */
  public void release() {
    faults.release();
  }

  /**
   * Stops forwarding in both directions and keeps connections open, as a half-open link does.
   * Neither side notices that the other ends its connection.
   */
  public void freeze() {
    for (Direction direction : Direction.values()) {
      freeze(direction);
    }
  }

  /** Stops forwarding in this direction and keeps connections open. */
  public void freeze(Direction direction) {
    faults.freeze(direction);
  }

  /** Resumes forwarding, beginning with the delayed data. */
  public void thaw() {
    faults.thaw();
  }

  /** Cuts every open connection now. */
  public void cutAll(Cut how) {
    links.cutAll(how);
  }

  /** Refuses new connections from now on. Open connections stay open. */
  public synchronized void refuse() {
    listener.ifPresent(Listener::close);
    listener = Optional.empty();
  }

  /** Accepts new connections again. */
  public synchronized void accept() {
    if (listener.isEmpty()) {
      String name = "fault-proxy-" + address.getPort() + "-listener";
      listener = Optional.of(Listener.open(name, address, client -> links.open(client, target)));
    }
  }

  /** The present and past traffic. */
  public Traffic traffic() {
    return faults.traffic();
  }

  /**
   * Waits until the traffic meets the condition.
   *
   * @throws ProxyException if the traffic does not meet it within the bound
   */
  public void awaitTraffic(Predicate<Traffic> condition, Duration bound) {
    if (!faults.awaitTraffic(condition, bound)) {
      throw new ProxyException(
          "What was awaited at the fault proxy did not come within " + bound + ": " + traffic());
    }
  }

  /** Ends all connections and threads. Bounded; idempotent. */
  @Override
  public void close() {
    refuse();
    links.close();
  }

  private static long positive(long count) {
    if (count < 1) {
      throw new IllegalArgumentException("count is " + count + ", must be 1 or more");
    }
    return count;
  }
}
