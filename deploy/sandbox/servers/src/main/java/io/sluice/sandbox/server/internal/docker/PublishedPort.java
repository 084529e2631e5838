package io.sluice.sandbox.server.internal.docker;

import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.FreePort;
import org.testcontainers.DockerClientFactory;

/**
 * Where a container's server is to be reached.
 *
 * @param host the host of the Docker engine
 * @param port a port there
 * @param ryukRuns whether Testcontainers removes containers whose JVM died
 */
public record PublishedPort(String host, int port, boolean ryukRuns) {
  private static final String LOOPBACK = "127.0.0.1";

  /** A port chosen for a new container. */
  public static PublishedPort choose(SandboxEnvironment environment) {
    String host = DockerClientFactory.instance().dockerHostIpAddress();
    return new PublishedPort(
        host.equals("localhost") ? LOOPBACK : host,
        FreePort.find(),
        environment
            .value("TESTCONTAINERS_RYUK_DISABLED")
            .filter("true"::equalsIgnoreCase)
            .isEmpty());
  }

  /** As the engine wants it told; a remote engine has no use for our loopback address. */
  String binding(int containerPort) {
    String bound = port + ":" + containerPort;
    return host.equals(LOOPBACK) ? LOOPBACK + ":" + bound : bound;
  }
}
