package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.work.OutcomeCounters;
import io.sluice.handlers.internal.work.WorkerPool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * One consumer from its subscription to its end; an exception out of it calls for a new one. It
 * polls all the while workers work, with those partitions paused whose events are not finished, so
 * a slow handler costs it no membership. Owned by the consumer's thread, but for {@link #wake}.
 */
final class ConsumerSession {

  private static final Duration LONGEST_POLL = Duration.ofSeconds(1);

  /** A session that went well for so long is a sound one. */
  private static final Duration TRIAL = Duration.ofSeconds(10);

  private final DomainStream stream;
  private final Consumer<byte[], byte[]> consumer;
  private final InstantSource clock;
  private final WakeablePoll poll;
  private final PartitionLanes lanes;
  private final OffsetCommitter committer;
  private final RecordIntake intake;
  private final TopicCheck topicCheck;
  private boolean sound;
  private Instant soundFrom = Instant.MAX;

  ConsumerSession(
      DomainStream stream,
      Consumer<byte[], byte[]> consumer,
      WorkerPool pool,
      OutcomeCounters counters,
      InstantSource clock) {
    this.stream = stream;
    this.consumer = consumer;
    this.clock = clock;
    this.poll = new WakeablePoll(consumer);
    this.lanes = new PartitionLanes(pool, clock, poll::wake);
    this.committer = new OffsetCommitter(consumer);
    this.intake = new RecordIntake(new RecordReader(stream.domain()), counters);
    this.topicCheck = new TopicCheck(stream, consumer, clock);
  }

  /** One round: results in, work out, offsets back, records in. Waits a second at most. */
  void turn() {
    if (consumer.assignment().isEmpty()) {
      topicCheck.run();
    }
    if (consumer.subscription().isEmpty()) {
      subscribe();
    }
    lanes.turn();
    committer.commit(lanes.held());
    regulate();
    ConsumerRecords<byte[], byte[]> records = poll.poll(lanes.untilDue(LONGEST_POLL));
    intake.accept(records, lanes);
    sound = sound || !records.isEmpty() || !clock.instant().isBefore(soundFrom);
  }

  private void subscribe() {
    consumer.subscribe(List.of(stream.topic()), new PartitionHandover(lanes, committer));
    soundFrom = clock.instant().plus(TRIAL);
  }

  /** Fetches for those partitions alone that have nothing left to do. */
  private void regulate() {
    Set<TopicPartition> busy = lanes.busy();
    Set<TopicPartition> idle = new HashSet<>(consumer.assignment());
    idle.removeAll(busy);
    busy.retainAll(consumer.assignment());
    consumer.pause(busy);
    consumer.resume(idle);
  }

  /** Whether it has shown that it works. */
  boolean isSound() {
    return sound;
  }

  PartitionLanes lanes() {
    return lanes;
  }

  /** Ends a turn that waits. Thread-safe. */
  void wake() {
    poll.wake();
  }

  /** Waits for workers that have an event of this session; whether all came back in time. */
  boolean awaitWorkers(Duration timeout) throws InterruptedException {
    return lanes.awaitWorkers(lanes.all(), timeout);
  }

  /** Events that were begun and not brought to an end. */
  List<ReceivedEvent> halfDone() {
    return lanes.halfDone();
  }

  /** Commits what is finished, as far as that is possible in time, and leaves the group. */
  void close(Duration timeout) {
    Instant deadline = clock.instant().plus(timeout);
    try {
      lanes.collect();
      committer.commitNow(lanes.held(), timeout.dividedBy(2));
    } finally {
      lanes.giveUp(lanes.partitions());
      Duration left = Duration.between(clock.instant(), deadline);
      consumer.close(CloseOptions.timeout(left.isNegative() ? Duration.ZERO : left));
    }
  }
}
