package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.work.Progress;
import io.sluice.handlers.internal.work.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one partition, of which only the first is worked on: it is due, or in a worker's
 * hands, or waits, and the rest wait behind it. Owned by the consumer's thread.
 */
final class PartitionLane {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionLane.class);

  /** What the first event is doing. */
  private enum State {
    WAITING,
    RUNNING,
    STOPPED
  }

  private final TopicPartition partition;
  private final OffsetTracker offsets = new OffsetTracker();
  private final Deque<ReceivedEvent> events = new ArrayDeque<>();
  private State state = State.WAITING;
  private Progress progress = Progress.BEGIN;
  private Instant due = Instant.MIN;

  PartitionLane(TopicPartition partition) {
    this.partition = partition;
  }

  TopicPartition partition() {
    return partition;
  }

  OffsetTracker offsets() {
    return offsets;
  }

  void add(ReceivedEvent event) {
    offsets.taken(event.offset());
    events.add(event);
  }

  /** Whether anything is unfinished, so that no more should be fetched. */
  boolean isBusy() {
    return !events.isEmpty();
  }

  boolean isRunning() {
    return state == State.RUNNING;
  }

  /** When the first event is to be worked on, where it waits for nothing but the time. */
  Optional<Instant> due() {
    return state == State.WAITING && isBusy() ? Optional.of(due) : Optional.empty();
  }

  /** The first event, now in a worker's hands. */
  ReceivedEvent start() {
    state = State.RUNNING;
    return events.getFirst();
  }

  Progress progress() {
    return progress;
  }

  /** The worker's hands are free again. */
  void settle(StepResult result, Instant now) {
    if (result instanceof StepResult.Finished) {
      offsets.finished(events.removeFirst().offset());
      waitFrom(Progress.BEGIN, now, Duration.ZERO);
    } else if (result instanceof StepResult.Later later) {
      waitFrom(later.progress(), now, later.delay());
    } else {
      state = State.STOPPED;
      if (result instanceof StepResult.Blocked blocked) {
        logBlocked(blocked.reason());
      }
    }
  }

  private void waitFrom(Progress from, Instant now, Duration delay) {
    state = State.WAITING;
    progress = from;
    due = now.plus(delay);
  }

  private void logBlocked(String reason) {
    ReceivedEvent first = events.getFirst();
    LOG.error(
        "partition {} stops at offset {}, {}: {}; nothing is lost and other partitions go on",
        partition,
        first.offset(),
        first.event(),
        reason);
  }

  /** The first event, where the end of the runtime breaks it off half done. */
  Optional<ReceivedEvent> halfDone() {
    boolean begun = isRunning() || progress instanceof Progress.Unwritten;
    return begun ? Optional.ofNullable(events.peekFirst()) : Optional.empty();
  }
}
