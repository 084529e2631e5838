package io.sluice.handlers.internal.process;

import static io.sluice.handlers.internal.process.Signal.CALL_STARTED;
import static io.sluice.handlers.internal.process.Signal.DEAD_LETTER_REQUESTED;
import static io.sluice.handlers.internal.process.Signal.FINISHED;
import static io.sluice.handlers.internal.process.Signal.MUST_WAIT;
import static io.sluice.handlers.internal.process.Signal.PARK_REQUESTED;
import static io.sluice.handlers.internal.process.Signal.PARTITION_LOST;
import static io.sluice.handlers.internal.process.Signal.RECONSIDERED;
import static io.sluice.handlers.internal.process.Signal.ROW_KNOWN;
import static io.sluice.handlers.internal.process.Signal.ROW_REQUESTED;
import static io.sluice.handlers.internal.process.Signal.TURN_REACHED;
import static io.sluice.handlers.internal.process.Signal.WRITE_REQUESTED;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The stage of an in-flight event, and the transitions between stages. */
enum Stage {
  /** The event waits to become the head of its aggregate queue. */
  QUEUED("behind others of their aggregate"),
  /** The row is being read. */
  READING("for their row to be read"),
  /** The event waits for a running call to end, because the concurrency limit is reached. */
  READY("for a handler to be free"),
  /** The handler is running. */
  CALLED("for their handlers to end"),
  /** The dead letter is being sent. */
  SENDING("for their dead letter to be sent"),
  /** The outcome is being written. */
  WRITING("for their row to be written"),
  /** The row is being parked behind the row of a failed event. */
  PARKING("for their row to be parked"),
  /** The event waits for its {@link Awaited}, usually without its payload. */
  DEFERRED("for something else"),
  /** The event is finished. */
  DONE("for nothing"),
  /** The partition was revoked, so another worker finishes the event. */
  LOST("for nothing");

  private static final Map<Stage, Map<Signal, Stage>> TABLE = new EnumMap<>(Stage.class);

  static {
    TABLE.put(
        QUEUED,
        Map.of(
            ROW_REQUESTED, READING,
            TURN_REACHED, READY,
            PARK_REQUESTED, PARKING,
            DEAD_LETTER_REQUESTED, SENDING,
            MUST_WAIT, DEFERRED,
            FINISHED, DONE,
            PARTITION_LOST, LOST));
    TABLE.put(
        READING,
        Map.of(
            ROW_REQUESTED, READING, ROW_KNOWN, QUEUED, MUST_WAIT, DEFERRED, PARTITION_LOST, LOST));
    TABLE.put(
        READY,
        Map.of(
            CALL_STARTED, CALLED, RECONSIDERED, QUEUED, MUST_WAIT, DEFERRED, PARTITION_LOST, LOST));
    TABLE.put(
        CALLED,
        Map.of(
            DEAD_LETTER_REQUESTED, SENDING,
            WRITE_REQUESTED, WRITING,
            RECONSIDERED, QUEUED,
            MUST_WAIT, DEFERRED,
            FINISHED, DONE));
    TABLE.put(
        SENDING,
        Map.of(
            WRITE_REQUESTED, WRITING, RECONSIDERED, QUEUED, MUST_WAIT, DEFERRED, FINISHED, DONE));
    TABLE.put(WRITING, Map.of(RECONSIDERED, QUEUED, MUST_WAIT, DEFERRED, FINISHED, DONE));
    TABLE.put(PARKING, Map.of(RECONSIDERED, QUEUED, MUST_WAIT, DEFERRED, FINISHED, DONE));
    TABLE.put(DEFERRED, Map.of(ROW_REQUESTED, READING, MUST_WAIT, DEFERRED, PARTITION_LOST, LOST));
    TABLE.put(DONE, Map.of());
    TABLE.put(LOST, Map.of());
  }

  private final String waits;

  Stage(String waits) {
    this.waits = waits;
  }

  /** Returns the next stage; empty if the signal is not allowed in this stage. */
  Optional<Stage> after(Signal signal) {
    return Optional.ofNullable(TABLE.getOrDefault(this, Map.of()).get(signal));
  }

  /**
   * Returns the next stage.
   *
   * @throws IllegalStateException if the signal is not allowed in this stage
   */
  Stage next(Signal signal) {
    return after(signal)
        .orElseThrow(() -> new IllegalStateException("%s in stage %s".formatted(signal, this)));
  }

  /**
   * Whether a handler, a database or a broker is working on the event, so that its answer must be
   * awaited.
   */
  boolean isOutstanding() {
    return switch (this) {
      case CALLED, SENDING, WRITING, PARKING -> true;
      case QUEUED, READING, READY, DEFERRED, DONE, LOST -> false;
    };
  }

  boolean isEnd() {
    return this == DONE || this == LOST;
  }

  /** What events in this stage wait for, as the end of a sentence. */
  String waits() {
    return waits;
  }
}
