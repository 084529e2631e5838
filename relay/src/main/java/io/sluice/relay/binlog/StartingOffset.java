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
 * Gives an engine the offset it starts from, and takes none back: positions are stored with the
 * events they belong to, by the publisher.
 *
 * <p>The engine makes its store from a class name and reads errors of a store as "no offset", which
 * would mean to start at the present. So the offset is handed over ready, under an id of the run,
 * and an engine without one is refused before it starts.
 */
public final class StartingOffset implements OffsetBackingStore {

  /** Property of an engine that says which offset is its own. */
  static final String RUN_ID = "sluice.run";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, byte[]> PREPARED = new ConcurrentHashMap<>();

  private byte @Nullable [] offset;

  /** Called by the engine. */
  public StartingOffset() {}

  /** Gives the run's id, to be handed to the engine as {@link #RUN_ID}. */
  static String prepare(Map<String, Object> offset) {
    String runId = UUID.randomUUID().toString();
    try {
      PREPARED.put(runId, JSON.writeValueAsBytes(offset));
      return runId;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("offset is not of plain values", e);
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

  /** The engine has one source, so whatever key it asks for means that source. */
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
