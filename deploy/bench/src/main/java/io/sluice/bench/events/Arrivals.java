package io.sluice.bench.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Lap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Times the arrival of a backlog on its topics. While the publisher works, only the end offsets of
 * committed records are looked at, which costs the machine little. They count transactions' markers
 * too; so the records are read when the offsets stand still, and show how many events there were at
 * each look. Used by one thread.
 */
public final class Arrivals implements AutoCloseable {

  private static final long LOOK_EVERY_MILLIS = 20;
  private static final Duration STILL = Duration.ofSeconds(1);
  private static final Duration LOST_AFTER = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(100);

  private final List<TopicPartition> partitions;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final long first;
  private final int total;

  /** Those at which the offsets had moved. */
  private final List<Look> looks = new ArrayList<>();

  /** For each partition, the look that was the first to see the records that are read next. */
  private final int[] lookOf;

  private final BitSet seen;
  private long records;

  /** A moment, and what could be read then. */
  private static final class Look {
    private final long nanos = System.nanoTime();
    private final double cpuSeconds;
    private final long[] ends;

    /** How many events were readable now and not at the look before. */
    private long events;

    Look(double cpuSeconds, long[] ends) {
      this.cpuSeconds = cpuSeconds;
      this.ends = ends;
    }

    long offsets() {
      long sum = 0;
      for (long end : ends) {
        sum += end;
      }
      return sum;
    }
  }

  private Arrivals(
      List<TopicPartition> partitions,
      KafkaConsumer<byte[], byte[]> consumer,
      long first,
      int total) {
    this.partitions = partitions;
    this.consumer = consumer;
    this.first = first;
    this.total = total;
    this.lookOf = new int[partitions.size()];
    this.seen = new BitSet(total);
  }

  /**
   * Prepares to time events that are numbered without a gap.
   *
   * @param first the number of the first event
   * @param total how many events there are
   */
  public static Arrivals on(EventTopics topics, long first, int total) {
    Map<String, Object> settings = Map.of("max.poll.records", 10_000);
    return new Arrivals(topics.partitions(), topics.open(settings), first, total);
  }

  /**
   * Waits until all events are readable. The lap ends when the offsets moved for the last time.
   *
   * @throws IllegalStateException if the publisher ends, or if events are missing long after
   *     anything has arrived
   */
  public Lap await(ChildProcess publisher) throws InterruptedException {
    Lap lap = new Lap(total, publisher::cpuSeconds);
    looks.add(look(publisher));
    do {
      awaitStill(publisher);
      read(publisher);
    } while (seen.cardinality() < total);
    long events = 0;
    for (Look look : looks) {
      events += look.events;
      lap.at(events, look.nanos, look.cpuSeconds);
    }
    return lap;
  }

  /** How many records there are beside one for each event. */
  public long duplicates() {
    return records - seen.cardinality();
  }

  /** Waits until as many offsets as events are taken, and no more for a while. */
  private void awaitStill(ChildProcess publisher) throws InterruptedException {
    long still;
    do {
      Thread.sleep(LOOK_EVERY_MILLIS);
      publisher.requireAlive();
      Look now = look(publisher);
      if (now.offsets() > last().offsets()) {
        looks.add(now);
      }
      still = now.nanos - last().nanos;
      if (still > LOST_AFTER.toNanos()) {
        throw new IllegalStateException(
            "only %,d of %,d events are readable on %s, and no more for %d s: the publisher has lost some or hangs"
                .formatted(seen.cardinality(), total, topics(), LOST_AFTER.toSeconds()));
      }
    } while (last().offsets() < total || still < STILL.toNanos());
  }

  private List<String> topics() {
    return partitions.stream().map(TopicPartition::topic).distinct().toList();
  }

  private Look last() {
    return looks.get(looks.size() - 1);
  }

  private Look look(ChildProcess publisher) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    return new Look(publisher.cpuSeconds(), partitions.stream().mapToLong(ends::get).toArray());
  }

  /** Reads the records that the last look has seen. */
  private void read(ChildProcess publisher) {
    long deadline = System.nanoTime() + LOST_AFTER.toNanos();
    while (!isRead()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        deadline = System.nanoTime() + LOST_AFTER.toNanos();
        if (!EventId.isProbe(id(record))) {
          arrived(record, publisher);
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the brokers give no records of %s for %d s"
                .formatted(topics(), LOST_AFTER.toSeconds()));
      }
    }
  }

  private void arrived(ConsumerRecord<byte[], byte[]> record, ChildProcess publisher) {
    records++;
    int number = (int) (EventId.number(id(record)) - first);
    if (number < 0 || number >= total) {
      throw new IllegalStateException("a record has the id " + id(record) + " of no event");
    }
    if (!seen.get(number)) {
      seen.set(number);
      lookOf(record, publisher).events++;
    }
  }

  private boolean isRead() {
    long[] ends = last().ends;
    for (int i = 0; i < ends.length; i++) {
      if (consumer.position(partitions.get(i)) < ends[i]) {
        return false;
      }
    }
    return true;
  }

  /** The first look at which a record was readable. A partition's records come in order. */
  private Look lookOf(ConsumerRecord<byte[], byte[]> record, ChildProcess publisher) {
    int partition = partitions.indexOf(new TopicPartition(record.topic(), record.partition()));
    while (looks.get(lookOf[partition]).ends[partition] <= record.offset()) {
      lookOf[partition]++;
      if (lookOf[partition] == looks.size()) {
        // The publisher went on after it had been still.
        looks.add(look(publisher));
      }
    }
    return looks.get(lookOf[partition]);
  }

  /** The id of an event. A converter to JSON quotes it. */
  public static String id(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader("id").value(), UTF_8).replace("\"", "");
  }

  @Override
  public void close() {
    consumer.close();
  }
}
