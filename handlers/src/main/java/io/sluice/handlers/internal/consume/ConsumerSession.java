package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.process.EventProcessor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * One consumer from its subscription to its end; after an exception a new one is needed. It polls
 * all the while handlers work, with all partitions paused while too many events are under way, so a
 * slow handler costs it no membership. Owned by the consumer's thread, but for {@link #wake}.
 */
final class ConsumerSession {

  /** Offsets need not be stored more often: what is finished behind them, the rows show. */
  private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

  /** No topic keeps records for less time, so none can be deleted during a shorter pause. */
  private static final Duration LONG_PAUSE = Duration.ofMinutes(1);

  /** A session that works for so long is sound. */
  private static final Duration TRIAL = Duration.ofSeconds(10);

  private final DomainStream stream;
  private final Consumer<byte[], byte[]> consumer;
  private final EventProcessor processor;
  private final InstantSource clock;
  private final WakeablePoll poll;
  private final Partitions partitions = new Partitions();
  private final OffsetCommitter committer;
  private final RecordIntake intake;
  private final TopicCheck topicCheck;
  private Instant nextCommit = Instant.MIN;
  private boolean sound;
  private Instant soundFrom = Instant.MAX;
  private Instant pausedSince = Instant.MAX;

  ConsumerSession(
      DomainStream stream,
      Consumer<byte[], byte[]> consumer,
      EventProcessor processor,
      InstantSource clock) {
    this.stream = stream;
    this.consumer = consumer;
    this.processor = processor;
    this.clock = clock;
    this.poll = new WakeablePoll(consumer);
    this.committer = new OffsetCommitter(consumer);
    this.intake = new RecordIntake(new RecordReader(stream.domain()), processor);
    this.topicCheck = new TopicCheck(stream, consumer, clock);
    processor.wakeBy(poll::wake);
  }

  /** One round: results in, work out, offsets committed, records in. Waits a second at most. */
  void turn() {
    // First, because outcomes can be written without brokers.
    processor.turn();
    if (consumer.assignment().isEmpty()) {
      topicCheck.requireTopic();
    }
    if (consumer.subscription().isEmpty()) {
      subscribe();
    }
    Duration untilCommit = commit();
    regulate();
    ConsumerRecords<byte[], byte[]> records = poll.poll(processor.untilDue(untilCommit));
    takeIn(records);
    sound = sound || !records.isEmpty() || !clock.instant().isBefore(soundFrom);
  }

  private void takeIn(ConsumerRecords<byte[], byte[]> records) {
    try {
      intake.accept(records, partitions);
    } catch (RuntimeException e) {
      // This consumer is past records that were not added: a new one reads them again.
      throw new IllegalStateException("records were read and could not be added", e);
    }
  }

  private void subscribe() {
    consumer.subscribe(
        List.of(stream.topic()),
        new PartitionHandover(partitions, processor, committer, topicCheck));
    soundFrom = clock.instant().plus(TRIAL);
  }

  /**
   * Commits if it is time to.
   *
   * @return how long until it is again
   */
  private Duration commit() {
    Instant now = clock.instant();
    if (!now.isBefore(nextCommit) && committer.commit(partitions.all())) {
      nextCommit = now.plus(COMMIT_INTERVAL);
    }
    return committer.isDue(partitions.all()) ? COMMIT_INTERVAL : processor.timings().round();
  }

  /**
   * Pauses all partitions while the buffer is full; records fetched already stay in the consumer.
   */
  private void regulate() {
    Set<TopicPartition> paused = consumer.paused();
    if (processor.isFull()) {
      pausedSince = paused.isEmpty() ? clock.instant() : pausedSince;
      consumer.pause(consumer.assignment());
    } else if (!paused.isEmpty()) {
      if (clock.instant().isAfter(pausedSince.plus(LONG_PAUSE))) {
        topicCheck.logRecordsDeletedDuringPause(paused);
      }
      consumer.resume(paused);
    }
  }

  /** Whether it has shown that it works. */
  boolean isSound() {
    return sound;
  }

  /** Ends a turn that waits. Thread-safe. */
  void wake() {
    poll.wake();
  }

  /** Commits what is finished, if that is possible in time, and leaves the group. */
  void close(Duration timeout) {
    Instant deadline = clock.instant().plus(timeout);
    try {
      committer.commitNow(partitions.all(), timeout.dividedBy(2));
    } finally {
      partitions.giveUp(partitions.all());
      processor.forgetLost();
      Duration left = Duration.between(clock.instant(), deadline);
      consumer.close(CloseOptions.timeout(left.isNegative() ? Duration.ZERO : left));
    }
  }
}
