package io.sluice.relay.binlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.OffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Passes the starting offset to an engine. It stores no offsets: the publisher stores positions
 * together with the events.
 *
 * <p>The engine creates the store from a class name, and treats an error of the store as "no
 * offset", which means to start at the current end of the binlog. Therefore the offset is prepared
 * under the id of the run, and an engine without a prepared offset fails to start.
 */
public final class StartingOffset implements OffsetBackingStore {

  /** Engine property with the id of the run. */
  static final String RUN_ID = "sluice.run";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, byte[]> PREPARED = new ConcurrentHashMap<>();

  private byte @Nullable [] offset;

  /** Called by the engine. */
  public StartingOffset() {}

  /**
   * Stores an offset for a new run.
   *
   * @return the id of the run, for the engine property {@link #RUN_ID}
   */
  static String prepare(Map<String, Object> offset) {
    String runId = UUID.randomUUID().toString();
    try {
      PREPARED.put(runId, JSON.writeValueAsBytes(offset));
      return runId;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("offset cannot be formatted as JSON", e);
    }
  }

  static void forget(String runId) {
    PREPARED.remove(runId);
  }

  @Override
  public void configure(WorkerConfig config) {
    String runId = String.valueOf(config.originals().get(RUN_ID));
    offset = PREPARED.get(runId);
    if (offset == null) {
      throw new IllegalStateException("no starting offset was prepared for engine run " + runId);
    }
  }

  @Override
  public void start() {}

  @Override
  public void stop() {}

  /** The engine has only one source, so every key has the same offset. */
  @Override
  public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
    Map<ByteBuffer, ByteBuffer> found = new HashMap<>();
    keys.forEach(key -> found.put(key, ByteBuffer.wrap(offset)));
    return CompletableFuture.completedFuture(found);
  }

  @Override
  public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, Callback<Void> callback) {
    callback.onCompletion(null, null);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Set<Map<String, Object>> connectorPartitions(String connectorName) {
    return Set.of();
  }
}
