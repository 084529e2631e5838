package io.sluice.relay.maintenance;

import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.TransientException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Limits how many cleanup steps of a relay run on a server at the same time, in the order in which
 * the databases ask. Thread-safe.
 */
final class ServerTurns {

  private static final int MAX_CONCURRENT = 2;

  private final Map<String, Semaphore> servers = new ConcurrentHashMap<>();

  /**
   * Does a step when it is its turn.
   *
   * @throws TransientException if the thread is interrupted while it waits
   */
  Duration run(ShardServer server, MaintenanceTask.Work step) throws SQLException {
    Semaphore free =
        servers.computeIfAbsent(server.address(), any -> new Semaphore(MAX_CONCURRENT, true));
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted before a step on " + server.address(), e);
    }
    try {
      return step.run();
    } finally {
      free.release();
    }
  }
}
