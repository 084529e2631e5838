package io.sluice.sandbox.server.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds a free port. It is below the range that the operating system uses for outgoing connections
 * (from 32768 on Linux, from 49152 elsewhere), so that a server that is killed and restarted finds
 * its port free.
 */
public final class FreePort {
  private static final int LOWEST = 20_000;
  private static final int BOUND = 32_768;
  private static final int TRIES = 200;

  private FreePort() {}

  /** A free port of the loopback address. */
  public static int find() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, BOUND);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        TRIES + " ports between " + LOWEST + " and " + BOUND + " were tried and all are in use");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
