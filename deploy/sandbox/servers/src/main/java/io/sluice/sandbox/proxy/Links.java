package io.sluice.sandbox.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The connections of a proxy. Thread-safe by its monitor. */
final class Links implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final String name;
  private final Faults faults;
  private final List<Link> links = new ArrayList<>();
  private int opened;

  Links(String name, Faults faults) {
    this.name = name;
    this.faults = faults;
  }

  /**
   * Connects a client with the target. If the target cannot be reached, the client's connection is
   * closed.
   */
  void open(Socket client, InetSocketAddress target) {
    Socket server = new Socket();
    try {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(target, Math.toIntExact(CONNECT.toMillis()));
    } catch (IOException unreachable) {
      // Fault tests stop servers on purpose, so close the connection and do not report an error.
      close(client);
      close(server);
      return;
    }
    start(client, server);
  }

  synchronized void cutAll(Cut how) {
    links.forEach(link -> link.cut(how));
  }

  /** Ends all connections and their threads. */
  @Override
  public synchronized void close() {
    links.forEach(Link::close);
    links.clear();
  }

  private synchronized void start(Socket client, Socket server) {
    links.removeIf(link -> !link.isAlive());
    Link link = new Link(name + "-" + ++opened, client, server, faults);
    links.add(link);
    link.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // A close that fails leaves nothing to clean up.
    }
  }
}
