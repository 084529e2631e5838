package io.sluice.relay.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.reconcile.TopicEvents.Verdict;
import io.sluice.relay.reconcile.UnfinishedRows.Candidate;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.TopicTail;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SandboxTest
class TopicScanIT {

  private static final Duration STALL_LIMIT = Duration.ofSeconds(60);
  private static final ShardId SHARD = ShardId.of("one");
  private static final EventCopy RECENT = new EventCopy("recent", "");
  private static final EventCopy OLD = new EventCopy("old", "");
  private final Instant now = Instant.now();
  private final List<Candidate> sought =
      List.of(
          row(RECENT, now.minus(Duration.ofMinutes(30))), row(OLD, now.minus(Duration.ofHours(7))));

  @Test
  void withRetentionByTimeAYoungerEventIsMissing(Sandbox sandbox) throws Exception {
    String topic = sandbox.topics().create("by-time", 1, Map.of("retention.ms", hours(6)));
    empty(sandbox, topic);

    assertEquals(List.of(Verdict.MISSING, Verdict.UNDECIDED), find(sandbox, topic));
  }

  @Test
  void withRetentionBySizeAnOldEventIsUndecided(Sandbox sandbox) throws Exception {
    String topic =
        sandbox
            .topics()
            .create("by-size", 1, Map.of("retention.ms", hours(6), "retention.bytes", "1000000"));
    empty(sandbox, topic);

    assertEquals(List.of(Verdict.UNDECIDED, Verdict.UNDECIDED), find(sandbox, topic));
  }

  @Test
  void inACompactedTopicNoEventIsMissing(Sandbox sandbox) {
    String topic =
        sandbox.topics().create("compacted", 1, Map.of("cleanup.policy", "compact,delete"));

    assertEquals(List.of(Verdict.UNDECIDED, Verdict.UNDECIDED), find(sandbox, topic));
  }

  @Test
  void aTopicWithoutDeletedRecordsIsComplete(Sandbox sandbox) {
    String topic = sandbox.topics().create("complete", 2);

    assertEquals(List.of(Verdict.MISSING, Verdict.MISSING), find(sandbox, topic));
  }

  @Test
  void aThirdScanStartsWhenOneOfTwoEnds(Sandbox sandbox) {
    String topic = sandbox.topics().create("turns", 1);
    TopicScans scans = new TopicScans(kafka(sandbox), STALL_LIMIT);

    List<Verdict> verdicts =
        scans.scan(
            topic,
            first -> {
              CompletableFuture<List<Verdict>> third =
                  scans.scan(topic, second -> startWaitingScans(scans, topic));
              return third.orTimeout(30, TimeUnit.SECONDS).join();
            });

    assertEquals(List.of(Verdict.MISSING, Verdict.MISSING), verdicts);
  }

  private CompletableFuture<List<Verdict>> startWaitingScans(TopicScans scans, String topic) {
    CompletableFuture<List<Verdict>> third = new CompletableFuture<>();
    Thread waiting = new Thread(() -> third.complete(scans.scan(topic, this::find)), "third");
    waiting.start();
    Await.until(() -> waiting.getState() == Thread.State.WAITING);
    assertFalse(third.isDone());

    CompletableFuture<Throwable> interrupted = new CompletableFuture<>();
    Thread fourth =
        new Thread(
            () ->
                interrupted.complete(
                    assertThrows(TransientException.class, () -> scans.scan(topic, this::find))),
            "fourth");
    fourth.start();
    Await.until(() -> fourth.getState() == Thread.State.WAITING);
    fourth.interrupt();
    Throwable failure = interrupted.orTimeout(30, TimeUnit.SECONDS).join();
    assertTrue(String.valueOf(failure.getMessage()).contains(topic));
    return third;
  }

  @Test
  void largeRecordsAreFetchedInSmallBatches(Sandbox sandbox) throws Exception {
    String topic =
        sandbox.topics().create("large", 6, Map.of("max.message.bytes", Integer.toString(8 << 20)));
    for (int i = 0; i < 24; i++) {
      send(sandbox, topic, i % 6, "e" + i, 900_000);
    }
    send(sandbox, topic, 0, "largest", 7 << 20);

    List<TopicPartition> partitions =
        IntStream.range(0, 6).mapToObj(i -> new TopicPartition(topic, i)).toList();
    try (KafkaConsumer<byte[], byte[]> consumer =
        TopicTail.consumer(kafka(sandbox), "read_committed")) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      int seen = 0;
      while (seen < 25) {
        seen += consumer.poll(Duration.ofMillis(200)).count();
      }

      double largest =
          consumer.metrics().values().stream()
              .filter(metric -> metric.metricName().name().equals("fetch-size-max"))
              .mapToDouble(metric -> (double) metric.metricValue())
              .filter(Double::isFinite)
              .max()
              .orElseThrow();
      assertTrue(largest < 12e6, () -> largest + " bytes at once");
    }
  }

  @Test
  void aRecordWithTheBrokersTimeIsFoundIfTheRowsClockIsAhead(Sandbox sandbox) throws Exception {
    String topic =
        sandbox.topics().create("ahead", 1, Map.of("message.timestamp.type", "LogAppendTime"));
    send(sandbox, topic, 0, "ahead", 1);
    EventCopy ahead = new EventCopy("ahead", "");

    List<Candidate> created = List.of(row(ahead, Instant.now().plus(Duration.ofMinutes(30))));
    assertEquals(List.of(Verdict.FOUND), scan(sandbox, topic, scan -> find(scan, SHARD, created)));
  }

  @Test
  void anEventOfAnotherShardWithTheSameIdIsNoMatch(Sandbox sandbox) throws Exception {
    String topic = sandbox.topics().create("shared", 1);
    send(sandbox, topic, 0, "recent", 1);

    List<Candidate> created = List.of(row(RECENT, now.minus(Duration.ofMinutes(30))));
    assertEquals(List.of(Verdict.FOUND), scan(sandbox, topic, scan -> find(scan, SHARD, created)));
    assertEquals(
        List.of(Verdict.MISSING),
        scan(sandbox, topic, scan -> find(scan, ShardId.of("two"), created)));
  }

  @Test
  void aTopicIsReadOnceForThousandsOfRowsOfWhichSomeAreMissing(Sandbox sandbox) throws Exception {
    int rows = 5_000;
    String topic = sandbox.topics().create("once", 3);
    List<Candidate> created =
        IntStream.range(0, rows)
            .mapToObj(i -> row(new EventCopy("e" + i, ""), now.minus(Duration.ofMinutes(30))))
            .toList();
    try (KafkaProducer<byte[], byte[]> producer = producer(sandbox)) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      // Far before the rows, as if the clock of their writer was ahead, and near.
      sent.add(send(producer, topic, 1, "e0", 1, now.minus(Duration.ofHours(9))));
      for (int i = 1; i < rows - 1; i++) {
        sent.add(send(producer, topic, i % 3, "e" + i, 1, now));
      }
      for (Future<RecordMetadata> record : sent) {
        record.get();
      }
    }

    scan(
        sandbox,
        topic,
        scan -> {
          AtomicInteger read = new AtomicInteger();
          List<Instant> starts = List.of(now.minus(Duration.ofHours(1)), Instant.EPOCH);
          starts.forEach(start -> scan.from(start, record -> read.incrementAndGet(), () -> false));
          assertEquals(rows - 1, read.get());
          return read;
        });
    List<Verdict> verdicts = scan(sandbox, topic, scan -> find(scan, SHARD, created));
    assertEquals(List.of(rows - 1), indexesOf(verdicts, Verdict.MISSING));
    assertEquals(rows - 1, indexesOf(verdicts, Verdict.FOUND).size());
  }

  private static List<Integer> indexesOf(List<Verdict> verdicts, Verdict sought) {
    return IntStream.range(0, verdicts.size())
        .filter(i -> verdicts.get(i) == sought)
        .boxed()
        .toList();
  }

  private static String hours(int hours) {
    return Long.toString(Duration.ofHours(hours).toMillis());
  }

  private static KafkaSettings kafka(Sandbox sandbox) {
    return new KafkaSettings(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()));
  }

  private static <T> T scan(Sandbox sandbox, String topic, Function<TopicScan, T> action) {
    return new TopicScans(kafka(sandbox), STALL_LIMIT).scan(topic, action);
  }

  private List<Verdict> find(Sandbox sandbox, String topic) {
    return scan(sandbox, topic, this::find);
  }

  private List<Verdict> find(TopicScan scan) {
    return find(scan, SHARD, sought);
  }

  private static List<Verdict> find(TopicScan scan, ShardId shard, List<Candidate> rows) {
    TopicEvents events = new TopicEvents();
    rows.forEach(row -> events.add(row, false));
    TopicLookup.find(scan, shard, events);
    return rows.stream().map(events::verdict).toList();
  }

  private static Candidate row(EventCopy event, Instant createdAt) {
    RowTimes times =
        new RowTimes(Optional.of(createdAt), Optional.empty(), Optional.empty(), Instant.now());
    return new Candidate(event, "CHAT", "t", "a", times);
  }

  /** Empties a partition like retention after a long idle time. */
  private static void empty(Sandbox sandbox, String topic)
      throws ExecutionException, InterruptedException {
    send(sandbox, topic, 0, "other", 1);
    try (Admin admin = Admin.create(kafka(sandbox).forAdmin())) {
      admin
          .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(1)))
          .all()
          .get();
    }
  }

  private static void send(Sandbox sandbox, String topic, int partition, String id, int bytes)
      throws ExecutionException, InterruptedException {
    try (KafkaProducer<byte[], byte[]> producer = producer(sandbox)) {
      send(producer, topic, partition, id, bytes, null).get();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Sandbox sandbox) {
    Map<String, Object> settings =
        kafka(sandbox).with(Map.of("max.request.size", 8 << 20, "buffer.memory", 16L << 20));
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Future<RecordMetadata> send(
      KafkaProducer<byte[], byte[]> producer,
      String topic,
      int partition,
      String id,
      int bytes,
      @Nullable Instant time) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            partition,
            time == null ? null : Long.valueOf(time.toEpochMilli()),
            null,
            new byte[bytes]);
    record.headers().add("id", id.getBytes(StandardCharsets.UTF_8));
    record.headers().add("outbox-shard", SHARD.value().getBytes(StandardCharsets.UTF_8));
    return producer.send(record);
  }
}
