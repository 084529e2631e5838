package io.sluice.relay.binlog;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of Debezium's engine over one shard's binlog. Never restarted: a run that has ended, for
 * whatever reason, is closed and replaced by a new one.
 *
 * <p>All threads of a run are in a thread group of its own, so that those it leaves behind can be
 * found. To be closed by whoever started it.
 */
public final class DebeziumReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DebeziumReader.class);

  /** How the binlog client calls the thread that reads from its connection, and ends with it. */
  private static final String READER = "blc-";

  private static final long CLOSE_TIMEOUT_SECONDS = 30;
  private static final long CLOSE_RETRY_MILLIS = 100;

  private final String name;
  private final String runId;
  private final EngineThreads threads;
  private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
  private final CompletableFuture<EngineEnd> end;

  private DebeziumReader(
      String name,
      String runId,
      EngineThreads threads,
      DebeziumEngine<RecordChangeEvent<SourceRecord>> engine,
      CompletableFuture<EngineEnd> end) {
    this.name = name;
    this.runId = runId;
    this.threads = threads;
    this.engine = engine;
    this.end = end;
  }

  /**
   * Starts a run.
   *
   * @param offset where the binlog is read from
   * @param consumer is called by one thread of the engine, batch after batch
   */
  public static DebeziumReader start(
      EngineSource source,
      Map<String, Object> offset,
      ChangeConsumer<RecordChangeEvent<SourceRecord>> consumer) {
    String runId = StartingOffset.prepare(offset);
    TableHistory.prepare(runId, source);
    Properties properties = EngineProperties.of(source, runId);
    String name = properties.getProperty("name");
    CompletableFuture<EngineEnd> end = new CompletableFuture<>();
    EngineThreads threads = new EngineThreads(name);
    // Built in the group: the engine makes its thread pools, and so their threads' group, here.
    DebeziumEngine<RecordChangeEvent<SourceRecord>> engine =
        threads.call(
            () ->
                DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                    .using(properties)
                    .notifying(consumer)
                    .using((success, message, error) -> end.complete(new EngineEnd(message, error)))
                    .build());
    DebeziumReader run = new DebeziumReader(name, runId, threads, engine, end);
    threads.start(run::run);
    return run;
  }

  private void run() {
    try {
      engine.run();
    } catch (Throwable e) {
      end.complete(new EngineEnd("the engine threw", e));
      throw e;
    } finally {
      end.complete(new EngineEnd("the engine returned without a word", null));
    }
  }

  /** Completes when the engine has ended, by itself or because it was closed. */
  public CompletableFuture<EngineEnd> end() {
    return end.copy();
  }

  /**
   * Ends the run within about half a minute, and interrupts threads that survive that. Those that
   * are left nevertheless are {@link #liveThreads counted}.
   */
  @Override
  public void close() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_TIMEOUT_SECONDS);
    do {
      tryClose();
      awaitEnd();
    } while (!end.isDone()
        && System.nanoTime() - deadline < 0
        && !Thread.currentThread().isInterrupted());
    StartingOffset.forget(runId);
    TableHistory.forget(runId);
    int left = threads.interruptLeftovers();
    if (left > 0) {
      LOG.warn("{}: {} engine threads are left behind after close: {}", name, left, threads);
    }
  }

  /**
   * Whether it has a connection it reads from; only to be asked once it has delivered. The engine
   * itself does not notice when its server closes the connection.
   */
  public boolean isReading() {
    return threads.has(READER);
  }

  /** How many of the run's threads there are at present. */
  public int liveThreads() {
    return threads.count();
  }

  /** The engine refuses to be closed while it starts, and while it is closing already. */
  private void tryClose() {
    if (end.isDone()) {
      return;
    }
    try {
      engine.close();
    } catch (IllegalStateException e) {
      LOG.debug("{}: not closed yet: {}", name, e.getMessage());
    } catch (IOException e) {
      LOG.warn("{}: the engine did not close cleanly", name, e);
    }
  }

  private void awaitEnd() {
    try {
      end.get(CLOSE_RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.trace("{}: not ended yet", name);
    } catch (ExecutionException e) {
      throw new IllegalStateException("an engine's end is never exceptional", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
