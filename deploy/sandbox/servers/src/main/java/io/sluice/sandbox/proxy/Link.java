package io.sluice.sandbox.proxy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client's connection and the matching connection to the server, with a thread for each
 * direction. When one side ends, the other is ended in the same way. Thread-safe.
 */
final class Link implements AutoCloseable {
  private final Socket client;
  private final Socket server;
  private final Faults faults;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final ProxyThread toServer;
  private final ProxyThread toClient;
  private volatile boolean dumping;

  Link(String name, Socket client, Socket server, Faults faults) {
    this.client = client;
    this.server = server;
    this.faults = faults;
    this.toServer = new ProxyThread(name + "-to-server", this::serveClient);
    this.toClient = new ProxyThread(name + "-to-client", this::serveServer);
  }

  void start() {
    faults.connectionOpened();
    toServer.start();
    toClient.start();
  }

  boolean isOpen() {
    return open.get();
  }

  /** Whether one of its threads still runs. The client may not have closed its side yet. */
  boolean isAlive() {
    return toServer.isAlive() || toClient.isAlive();
  }

  /** Ends both connections on request of the test. */
  void cut(Cut how) {
    end(how, true);
  }

  /** Ends both connections and both threads. Bounded; idempotent. */
  @Override
  public void close() {
    end(Cut.CLOSE);
    try {
      client.close();
    } catch (IOException gone) {
      // The threads of this link notice this and end. The code below waits for them.
    }
    toServer.awaitEnd();
    toClient.awaitEnd();
  }

  private void serveClient() {
    Cut end = forward(this::forwardToServer);
    faults.awaitThaw(Direction.TO_SERVER, this::isOpen);
    end(end);
    // Closing the client's socket with unread bytes would send a reset after the orderly end, and
    // the client could lose data. So read it to the end.
    try (client) {
      client.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException gone) {
      // Reset by either side: there is nothing left to read.
    }
  }

  private void serveServer() {
    Cut end = forward(this::forwardToClient);
    faults.awaitThaw(Direction.TO_CLIENT, this::isOpen);
    end(end);
  }

  /**
   * Forwards until the stream ends.
   *
   * @return how the stream ended
   */
  private static Cut forward(Forwarding forwarding) {
    try {
      forwarding.run();
      return Cut.CLOSE;
    } catch (IOException lost) {
      // The other thread of this link or the test has ended the connection, or it was reset.
      return Cut.RESET;
    }
  }

  private void forwardToServer() throws IOException {
    Packets packets = new Packets(client.getInputStream());
    Sink sink = sink(Direction.TO_SERVER, server.getOutputStream());
    ClientPackets commands = new ClientPackets();
    boolean opaque = false;
    while (!opaque && packets.next()) {
      switch (commands.look(packets)) {
        case DUMP -> beginDump();
        case OPAQUE -> {
          opaque = true;
          faults.opaqueFound();
        }
        case NOTHING -> {}
      }
      packets.forward(sink);
    }
    while (packets.forwardUnread(sink)) {}
  }

  /**
   * Must be called before the server receives the command, so that its response is inspected from
   * the first byte.
   */
  private void beginDump() {
    dumping = true;
    faults.dumpBegun();
  }

  private void forwardToClient() throws IOException {
    Packets packets = new Packets(server.getInputStream());
    Sink sink = sink(Direction.TO_CLIENT, client.getOutputStream());
    DumpPackets events = new DumpPackets();
    while (packets.awaitBytes()) {
      if (!dumping) {
        packets.forwardUnread(sink);
      } else if (packets.next()) {
        events.look(packets);
        forwardEvent(packets, events, sink);
      }
    }
  }

  private void forwardEvent(Packets packets, DumpPackets events, Sink sink) throws IOException {
    if (events.startsWriteRows(packets)) {
      faults.beforeWriteRows(this::isOpen);
    }
    packets.forward(sink);
    if (events.endsWriteRows(packets)) {
      faults.afterWriteRows().ifPresent(this::cut);
    }
  }

  private Sink sink(Direction direction, OutputStream out) {
    return (bytes, length) -> {
      faults.awaitThaw(direction, this::isOpen);
      if (!isOpen()) {
        throw new IOException("cut: what was frozen or held is not to be seen any more");
      }
      out.write(bytes, 0, length);
    };
  }

  private void end(Cut how) {
    end(how, false);
  }

  /**
   * Ends both connections. Later calls have no effect. The end is counted first, so that a test
   * sees it before the client does.
   */
  private void end(Cut how, boolean ordered) {
    if (!open.compareAndSet(true, false)) {
      return;
    }
    faults.connectionEnded(ordered);
    try (server) {
      switch (how) {
        case CLOSE -> {
          client.shutdownOutput();
          server.shutdownOutput();
        }
        case RESET -> {
          client.setSoLinger(true, 0);
          client.close();
          server.setSoLinger(true, 0);
        }
      }
    } catch (IOException gone) {
      // The other side was faster; there is nothing left to end.
    }
  }

  /** The work of a thread, until the stream it reads ends. */
  private interface Forwarding {
    void run() throws IOException;
  }
}
