package io.sluice.relay.binlog;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.sluice.relay.capture.CapturedBatch;
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
 * One run of Debezium's engine that reads one binlog. A run is never restarted: after it has ended
 * for any reason, the supervisor closes it and starts a new one.
 *
 * <p>Each run has a separate thread group, so that leaked threads can be found.
 */
public final class DebeziumReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DebeziumReader.class);

  /** Name prefix of the binlog client's reader thread, which ends with its connection. */
  private static final String READER_THREAD = "blc-";

  private static final long CLOSE_TIMEOUT_SECONDS = 30;
  private static final long CLOSE_RETRY_MILLIS = 100;

  private final String name;
  private final String runId;
  private final EngineThreads threads;
  private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
  private final CompletableFuture<EngineEnd> end;
  private final CompletableFuture<EngineEnd> death;

  /**
   * How a run ends.
   *
   * @param end completes when the engine has ended
   * @param death completes when one of its threads has died, which the engine does not notice
   */
  private record Ends(CompletableFuture<EngineEnd> end, CompletableFuture<EngineEnd> death) {}

  private DebeziumReader(
      String name,
      String runId,
      EngineThreads threads,
      DebeziumEngine<RecordChangeEvent<SourceRecord>> engine,
      Ends ends) {
    this.name = name;
    this.runId = runId;
    this.threads = threads;
    this.engine = engine;
    this.end = ends.end();
    this.death = ends.death();
  }

  /**
   * Starts a run.
   *
   * @param offset offset from which the engine reads the binlog
   * @param handler receives the batches, in one thread of the engine
   * @return the run, which the caller closes
   */
  public static DebeziumReader start(
      EngineSource source, Map<String, Object> offset, CapturedBatch.Handler handler) {
    String runId = StartingOffset.prepare(offset);
    OutboxTask.prepare(runId, source);
    Properties properties = EngineProperties.of(source, runId);
    String name = properties.getProperty("name");
    CompletableFuture<EngineEnd> end = new CompletableFuture<>();
    CompletableFuture<EngineEnd> death = new CompletableFuture<>();
    EngineThreads threads =
        new EngineThreads(
            name, error -> death.complete(new EngineEnd("a thread of the engine has died", error)));
    // Built in the thread group, because the engine creates its thread pools here.
    DebeziumEngine<RecordChangeEvent<SourceRecord>> engine =
        threads.call(
            () ->
                DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                    .using(properties)
                    .notifying(BatchRecord.consumer(handler))
                    .using((success, message, error) -> end.complete(new EngineEnd(message, error)))
                    .build());
    DebeziumReader run = new DebeziumReader(name, runId, threads, engine, new Ends(end, death));
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
      end.complete(new EngineEnd("the engine returned without a result", null));
    }
  }

  /** Returns a future that completes when the engine or one of its threads has ended. */
  public CompletableFuture<EngineEnd> end() {
    return death.applyToEither(end, first -> first);
  }

  /**
   * Ends the run within about half a minute, and interrupts threads that still run after that.
   * {@link #liveThreads} counts threads that ignore the interrupt.
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
    OutboxTask.forget(runId);
    int leaked = threads.interruptLeaked();
    if (leaked > 0) {
      LOG.warn("{}: {} engine threads still run after close: {}", name, leaked, threads);
    }
  }

  /**
   * Whether the engine has an open connection. The result is valid only after the engine has
   * delivered its first change or heartbeat. The engine itself does not detect that its server
   * closed the connection.
   */
  public boolean isReading() {
    return threads.has(READER_THREAD);
  }

  /** Returns the number of live threads of the run. */
  public int liveThreads() {
    return threads.count();
  }

  /** The engine rejects a close while it starts and while it is being closed. */
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
      throw new IllegalStateException("the end of an engine never completes exceptionally", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
