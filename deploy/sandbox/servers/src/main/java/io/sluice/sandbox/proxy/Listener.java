package io.sluice.sandbox.proxy;

import io.sluice.sandbox.server.api.ProxyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/** Accepts connections on a port of this machine, in a separate thread, until it is closed. */
final class Listener implements AutoCloseable {
  private final ServerSocket socket;
  private final Consumer<Socket> guests;
  private final ProxyThread thread;

  private Listener(String name, ServerSocket socket, Consumer<Socket> guests) {
    this.socket = socket;
    this.guests = guests;
    this.thread = new ProxyThread(name, this::run);
  }

  /**
   * Starts to listen.
   *
   * @param guests receives every connection and closes it
   */
  static Listener open(String name, InetSocketAddress address, Consumer<Socket> guests) {
    try {
      ServerSocket socket = new ServerSocket();
      // Connections of an earlier listener on this port may be in TIME_WAIT.
      socket.setReuseAddress(true);
      socket.bind(address);
      Listener listener = new Listener(name, socket, guests);
      listener.thread.start();
      return listener;
    } catch (IOException e) {
      throw new ProxyException("The fault proxy cannot listen at " + address, e);
    }
  }

  /**
   * Refuses connections from now on. When this method returns, all accepted connections have been
   * handed over.
   */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new ProxyException("The fault proxy does not stop listening at " + socket, e);
    }
    thread.awaitEnd();
  }

  private void run() {
    while (!socket.isClosed()) {
      try {
        guests.accept(socket.accept());
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException("no more connections are taken at " + socket, e);
        }
      }
    }
  }
}
