package io.sluice.sandbox.proxy;

import io.sluice.sandbox.server.api.ProxyException;
import io.sluice.sandbox.server.process.FreePort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Stands between a client and a MySQL server and does what a network does on a bad day, when a test
 * orders it.
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
 * <p>What is counted are the write-rows events of binary log dumps, which is where inserted rows
 * are. An {@code INSERT} of one row makes one event; one of many rows makes few, each up to the
 * server's {@code binlog_row_event_max_size}. Updates, deletes and the events inside a compressed
 * transaction are not counted, nor is anything on a connection that is encrypted or compressed
 * ({@link Traffic#opaque}), nor that of a replica which replicates semi-synchronously. The count
 * goes over all dumps and all tables. Other connections, JDBC's for instance, are never cut or held
 * by count.
 *
 * <p>Thread-safe. Whoever opens it closes it.
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

  /** Opens a proxy at a free port of this machine. */
  public static FaultProxy to(String host, int port) {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find());
    FaultProxy proxy = new FaultProxy(address, new InetSocketAddress(host, port));
    proxy.accept();
    return proxy;
  }

  /** Where it listens: the loopback address. */
  public String host() {
    return address.getAddress().getHostAddress();
  }

  /** Where it listens; stays the same while it refuses connections. */
  public int port() {
    return address.getPort();
  }

  /** Sends later connections to another server; those that are open stay where they are. */
  public void pointTo(String otherHost, int otherPort) {
    target = new InetSocketAddress(otherHost, otherPort);
  }

  /**
   * Cuts the dump that brings the n-th write-rows event from now on, right after it. Happens once;
   * a new order takes the place of an open one.
   */
  public void cutAfterWriteRowsEvents(long count, Cut how) {
    faults.cutAfter(positive(count), how);
  }

  /**
   * Holds the dump that brings the n-th write-rows event from now on, right before it: the client
   * has got all that precedes. {@link Traffic#held} tells that it stands there. It stays so, for a
   * client that comes back too, until {@link #release}.
   */
  public void holdBeforeWriteRowsEvent(long count) {
    faults.holdBefore(positive(count));
  }

  /** Lets the stream that is held go on, and takes back an order to hold. */
  public void release() {
    faults.release();
  }

  /**
   * Forwards nothing more, either way, and keeps connections open: a half-open link. A side that
   * ends its connection meanwhile is not noticed by the other.
   */
  public void freeze() {
    for (Direction direction : Direction.values()) {
      freeze(direction);
    }
  }

  /** Forwards nothing more that way and keeps connections open. */
  public void freeze(Direction direction) {
    faults.freeze(direction);
  }

  /** Forwards again, first what was held up. */
  public void thaw() {
    faults.thaw();
  }

  /** Cuts every open connection now. */
  public void cutAll(Cut how) {
    links.cutAll(how);
  }

  /** Refuses new connections from now on; those that are open stay. */
  public synchronized void refuse() {
    listener.ifPresent(Listener::close);
    listener = Optional.empty();
  }

  /** Takes new connections again. */
  public synchronized void accept() {
    if (listener.isEmpty()) {
      String name = "fault-proxy-" + address.getPort() + "-listener";
      listener = Optional.of(Listener.open(name, address, client -> links.open(client, target)));
    }
  }

  /** What it does and has done. */
  public Traffic traffic() {
    return faults.traffic();
  }

  /**
   * Waits until the traffic is so.
   *
   * @throws ProxyException when it is not within the bound
   */
  public void awaitTraffic(Predicate<Traffic> condition, Duration bound) {
    if (!faults.awaitTraffic(condition, bound)) {
      throw new ProxyException(
          "What was awaited at the fault proxy did not come within " + bound + ": " + traffic());
    }
  }

  /** Ends all connections and threads. Bounded; has no effect the second time. */
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
