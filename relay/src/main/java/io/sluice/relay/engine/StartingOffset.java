package io.sluice.relay.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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
 * would mean to start at the present. So the offset is handed over ready, under the engine's name,
 * and an engine without one is refused before it starts.
 */
public final class StartingOffset implements OffsetBackingStore {

  private static final String ENGINE_NAME = "name";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, byte[]> PREPARED = new ConcurrentHashMap<>();

  private byte @Nullable [] offset;

  /** Called by the engine. */
  public StartingOffset() {}

  static void prepare(String engineName, Map<String, Object> offset) {
    try {
      PREPARED.put(engineName, JSON.writeValueAsBytes(offset));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("offset is not of plain values", e);
    }
  }

  static void forget(String engineName) {
    PREPARED.remove(engineName);
  }

  @Override
  public void configure(WorkerConfig config) {
    String engineName = String.valueOf(config.originals().get(ENGINE_NAME));
    offset = PREPARED.get(engineName);
    if (offset == null) {
      throw new IllegalStateException("no starting offset was prepared for engine " + engineName);
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
