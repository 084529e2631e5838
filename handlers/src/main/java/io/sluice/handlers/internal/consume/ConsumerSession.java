package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.process.EventProcessor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one consumer. After an exception, a new session is needed. The session keeps polling
 * while handlers run, so that slow handlers do not cost it its membership, and pauses all
 * partitions while the buffer is full. Owned by the consumer's thread, except {@link #wake}.
 */
final class ConsumerSession {

  private static final Logger LOG = LoggerFactory.getLogger(ConsumerSession.class);

  /**
   * More frequent commits are not useful, because the rows show which events after the offset are
   * finished.
   */
  private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

  /** A full buffer may pause partitions several times a second. */
  private static final Duration DELETION_CHECK_INTERVAL = Duration.ofMinutes(1);

  /** A session that has worked for this time is sound. */
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
  private boolean hasPaused;
  private boolean sound;
  private Instant soundFrom = Instant.MAX;
  private Instant nextDeletionCheck = Instant.MIN;

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

  /** Runs the processor, commits offsets, and polls. Waits at most for the processor's round. */
  void turn() {
    // First, because outcomes can be written while the brokers are away.
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
      // This consumer is past the records that were not added, so only a new consumer reads them.
      throw new IllegalStateException("records were read and could not be added", e);
    }
  }

  /** Offsets after the last record belong to transaction markers, and would remain as lag. */
  private void skipMarkers(TopicPartition name) {
    try {
      long position = consumer.position(name, Duration.ZERO);
      partitions.get(name).offsets().readUpTo(position);
    } catch (TimeoutException | WakeupException e) {
      // A wake-up may come too late for the poll. The next turn skips the markers.
      LOG.trace("the position in {} is not known yet", name, e);
    }
  }

  private void subscribe() {
    consumer.subscribe(
        List.of(stream.topic()),
        new PartitionHandover(partitions, processor, committer, topicCheck));
    soundFrom = clock.instant().plus(TRIAL);
  }

  /**
   * Commits if a commit is due.
   *
   * @return the time until the next commit may be due
   */
  private Duration commit() {
    Instant now = clock.instant();
    if (now.isBefore(nextCommit)) {
      return COMMIT_INTERVAL;
    }
    consumer.assignment().forEach(this::skipMarkers);
    if (committer.commit(partitions.all())) {
      nextCommit = now.plus(COMMIT_INTERVAL);
    }
    return committer.isDue(partitions.all()) ? COMMIT_INTERVAL : processor.timings().round();
  }

  /**
   * Pauses all partitions while the buffer is full. Records that were already fetched stay in the
   * consumer.
   */
  private void regulate() {
    if (processor.isFull()) {
      consumer.pause(consumer.assignment());
      hasPaused = true;
    } else if (hasPaused) {
      Set<TopicPartition> paused = consumer.paused();
      // First, so that partitions cannot stay paused because of a failed check.
      consumer.resume(paused);
      hasPaused = false;
      Instant now = clock.instant();
      if (!now.isBefore(nextDeletionCheck)) {
        topicCheck.logRecordsDeletedDuringPause(paused);
        nextDeletionCheck = now.plus(DELETION_CHECK_INTERVAL);
      }
    }
  }

  /** Whether the session has received records or has worked for a while. */
  boolean isSound() {
    return sound;
  }

  /** Ends the wait of the current or next turn. Thread-safe. */
  void wake() {
    poll.wake();
  }

  /** Commits finished events if this is possible in time, and leaves the group. */
  void close(Duration timeout) {
    Instant deadline = clock.instant().plus(timeout);
    try {
      committer.commitNow(partitions.all(), timeout.dividedBy(2));
    } finally {
      partitions.giveUp(partitions.all());
      processor.forgetLost();
      Duration left = Duration.between(clock.instant(), deadline);
      KafkaProperties.close(consumer, left.isNegative() ? Duration.ZERO : left);
    }
  }
}
