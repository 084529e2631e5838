package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.sandbox.junit.Account;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What surrounds a runtime in a test: shards, topics and groups of the test's own, and a relay made
 * of a plain producer.
 */
final class Stage implements AutoCloseable {

  static final ShardId ONE = ShardId.of("shard-1");
  static final ShardId TWO = ShardId.of("shard-2");

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Sandbox sandbox;
  private final Map<ShardId, Database> databases;
  private final Map<ShardId, Account> workers = new TreeMap<>();
  private final Admin admin;
  private final Producer<byte[], byte[]> producer;
  private final String name;

  private Stage(Sandbox sandbox, Map<ShardId, Database> databases, String name) {
    this.sandbox = sandbox;
    this.databases = databases;
    this.name = name;
    databases.forEach((shard, database) -> workers.put(shard, worker(database)));
    Map<String, Object> kafka = Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers());
    admin = Admin.create(kafka);
    producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static Stage open(Sandbox sandbox) throws SQLException {
    Map<ShardId, Database> databases =
        Map.of(ONE, sandbox.database("one"), TWO, sandbox.database("two"));
    for (Database database : databases.values()) {
      database.run(OutboxTable.ddl());
      // Doubled effects are to be seen, hence no unique key.
      database.run("CREATE TABLE IF NOT EXISTS effects (event CHAR(36) NOT NULL)");
    }
    return new Stage(sandbox, databases, "t" + NUMBER.incrementAndGet());
  }

  // Nothing more than these is needed by a worker, but for what its handlers do.
  private Account worker(Database database) {
    return sandbox.account(
        "worker",
        "SELECT, UPDATE ON `%s`.outbox_events".formatted(database.name()),
        "SELECT, INSERT ON `%s`.effects".formatted(database.name()));
  }

  /** How this account reaches a shard. */
  DataSource source(Account account, ShardId shard) {
    return source(account, database(shard));
  }

  private static DataSource source(Account account, Database database) {
    return new TestDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        return account.connect(database);
      }
    };
  }

  /** A builder that lacks nothing but handlers. */
  HandlerRuntimeBuilder runtime() {
    return runtime(Map.of(ONE, workerSource(ONE), TWO, workerSource(TWO)));
  }

  /** How workers reach the shards. */
  ShardDataSources shards() {
    return ShardDataSources.of(Map.of(ONE, workerSource(ONE), TWO, workerSource(TWO)));
  }

  /** The same with other ways to the shards. */
  HandlerRuntimeBuilder runtime(Map<ShardId, DataSource> shards) {
    return HandlerRuntime.builder()
        .kafka(kafka())
        .shards(ShardDataSources.of(shards))
        .topics(topics())
        .groupPrefix(groupPrefix())
        .unhandled(Unhandled.DEAD_LETTER)
        .retry(RetryPolicy.exponential(Duration.ofMillis(20), Duration.ofMillis(50)))
        .closeTimeout(Duration.ofSeconds(20));
  }

  // The shortest session the broker allows: a member that dies is missed for so long.
  Map<String, Object> kafka() {
    return Map.of(
        "bootstrap.servers", sandbox.kafka().bootstrapServers(), "session.timeout.ms", 6000);
  }

  TopicTemplate topics() {
    return new TopicTemplate(sandbox.topicPrefix() + name + ".${domain}");
  }

  String groupPrefix() {
    return sandbox.topicPrefix() + name + ".";
  }

  /** How a worker reaches a shard. */
  DataSource workerSource(ShardId shard) {
    return source(workerLogin(shard), database(shard));
  }

  Account workerLogin(ShardId shard) {
    return Objects.requireNonNull(workers.get(shard), shard::value);
  }

  private Database database(ShardId shard) {
    return Objects.requireNonNull(databases.get(shard), shard::value);
  }

  /** A connection of the business. */
  Connection connect(ShardId shard) throws SQLException {
    return database(shard).connect();
  }

  String databaseName(ShardId shard) {
    return database(shard).name();
  }

  void createTopic(EventDomain domain, int partitions) {
    sandbox.topics().create(name + "." + domain.lowerCaseName(), partitions);
    createDeadLetters(domain);
  }

  void createTopicWithoutDeadLetters(EventDomain domain) {
    sandbox.topics().create(name + "." + domain.lowerCaseName(), 1);
  }

  void createDeadLetters(EventDomain domain) {
    sandbox.topics().create(name + "." + domain.lowerCaseName() + ".dlq", 1);
  }

  void createDeadLetters(EventDomain domain, int maxBytes) {
    sandbox
        .topics()
        .create(
            name + "." + domain.lowerCaseName() + ".dlq",
            1,
            Map.of("max.message.bytes", Integer.toString(maxBytes)));
  }

  /** The first dead letters of a domain, so many, as soon as there are. */
  List<ConsumerRecord<byte[], byte[]>> deadLetters(EventDomain domain, int count) throws Exception {
    List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topics().topic(domain) + ".dlq", 0);
    try (Consumer<byte[], byte[]> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      reader.assign(List.of(partition));
      reader.seekToBeginning(List.of(partition));
      until(
          count + " dead letters",
          () -> {
            reader.poll(Duration.ofMillis(100)).forEach(letters::add);
            return letters.size() >= count;
          });
    }
    return letters;
  }

  static OutboxEvent event(EventDomain domain, String eventType) {
    return event(domain, eventType, "7");
  }

  static OutboxEvent event(EventDomain domain, String eventType, String room) {
    return OutboxEvent.builder(domain, eventType)
        .aggregate("room", room)
        .json("{\"amount\":100.00}")
        .build();
  }

  /** Writes a row and the record that the relay would make of it. */
  OutboxEvent emit(ShardId shard, OutboxEvent event, int partition) throws Exception {
    write(shard, event);
    relay(shard, event, partition);
    return event;
  }

  OutboxEvent emit(EventDomain domain, String eventType, int partition) throws Exception {
    // An aggregate is never in two partitions.
    return emit(ONE, event(domain, eventType, Integer.toString(partition)), partition);
  }

  /** Writes rows in one transaction, and their records. */
  void emitAll(ShardId shard, List<OutboxEvent> events, int partition) throws Exception {
    write(shard, events);
    relayAll(shard, events, partition);
  }

  void relayAll(ShardId shard, List<OutboxEvent> events, int partition) {
    for (OutboxEvent event : events) {
      var unused = producer.send(record(shard, event, partition));
    }
    producer.flush();
  }

  void write(ShardId shard, OutboxEvent event) throws Exception {
    write(shard, List.of(event));
  }

  void write(ShardId shard, List<OutboxEvent> events) throws Exception {
    try (Connection connection = connect(shard)) {
      connection.setAutoCommit(false);
      new OutboxWriter().append(connection, events);
      connection.commit();
    }
  }

  void relay(ShardId shard, OutboxEvent event, int partition) throws Exception {
    send(record(shard, event, partition));
  }

  /** As the brokers do when records are too old or too many. */
  void deleteRecords(EventDomain domain, int partition, long before) throws Exception {
    TopicPartition name = new TopicPartition(topics().topic(domain), partition);
    admin
        .deleteRecords(Map.of(name, RecordsToDelete.beforeOffset(before)))
        .all()
        .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  /** The GTID of some transaction that the shard's server has executed. */
  String executedTransaction(ShardId shard) throws SQLException {
    try (Connection connection = connect(shard);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@server_uuid")) {
      row.next();
      return row.getString(1) + ":1";
    }
  }

  /** As the relay would that has read the event in this transaction. */
  void relay(ShardId shard, OutboxEvent event, String transaction) throws Exception {
    ProducerRecord<byte[], byte[]> record = record(shard, event, 0);
    record.headers().remove(RecordHeaders.POSITION);
    record.headers().add(RecordHeaders.POSITION, (transaction + ":1").getBytes(UTF_8));
    send(record);
  }

  private ProducerRecord<byte[], byte[]> record(ShardId shard, OutboxEvent event, int partition) {
    String payload = ((EventPayload.Json) event.payload()).text();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topics().topic(event.domain()),
            partition,
            event.createdAt().toEpochMilli(),
            event.aggregateId().getBytes(UTF_8),
            payload.getBytes(UTF_8));
    Map.of(
            RecordHeaders.ID, event.id().toString(),
            RecordHeaders.EVENT_TYPE, event.eventType(),
            RecordHeaders.AGGREGATE_TYPE, event.aggregateType(),
            RecordHeaders.AGGREGATE_ID, event.aggregateId(),
            RecordHeaders.DOMAIN, event.domain().name(),
            RecordHeaders.SHARD, shard.value(),
            RecordHeaders.MAX_RETRIES, Integer.toString(event.maxRetries()),
            RecordHeaders.POSITION, "0-0-0-0-0:1:1")
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    event
        .headers()
        .values()
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    return record;
  }

  /** Writes the records of two events of the first shard, one in a transaction that is aborted. */
  void relayInTransactions(OutboxEvent aborted, OutboxEvent committed, int partition)
      throws Exception {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            sandbox.kafka().bootstrapServers(),
            "transactional.id",
            groupPrefix() + "relay");
    try (Producer<byte[], byte[]> relay =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      relay.initTransactions();
      relay.beginTransaction();
      relay.send(record(ONE, aborted, partition)).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      relay.abortTransaction();
      relay.beginTransaction();
      relay.send(record(ONE, committed, partition)).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      relay.commitTransaction();
    }
  }

  void send(ProducerRecord<byte[], byte[]> record) throws Exception {
    producer.send(record).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  /** How often a handler's effect for this event is committed. */
  long effects(OutboxEvent event) throws Exception {
    return count(
        "SELECT COUNT(*) FROM `%s`.effects WHERE event = '%s'"
            .formatted(databaseName(ONE), event.id()));
  }

  /** How many open transactions have written effects in the first shard. */
  long uncommittedEffects() throws SQLException {
    // Not from innodb_trx, which is a copy that is not renewed while it is looked at again and
    // again.
    return count(
        """
        SELECT COUNT(*) FROM performance_schema.data_locks
        WHERE object_schema = '%s' AND object_name = 'effects'
          AND lock_type = 'TABLE' AND lock_mode = 'IX'
        """
            .formatted(databaseName(ONE)));
  }

  Row row(OutboxEvent event) throws Exception {
    return row(ONE, event);
  }

  Row row(ShardId shard, OutboxEvent event) throws Exception {
    try (Connection connection = connect(shard)) {
      return Row.read(connection, event.id());
    }
  }

  void awaitStatus(OutboxEvent event, OutboxStatus status) throws Exception {
    until(status + " of " + event.eventType(), () -> row(event).status() == status);
  }

  void execute(ShardId shard, String sql, Object... values) throws Exception {
    try (Connection connection = connect(shard);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  /** What this query, as the server's administrator, counts. */
  long count(String query) throws SQLException {
    try (Connection connection = sandbox.mysql().connect();
        PreparedStatement select = connection.prepareStatement(query);
        ResultSet result = select.executeQuery()) {
      result.next();
      return result.getLong(1);
    }
  }

  /** How many consumers are in the domain's group. */
  long membersOf(EventDomain domain) throws Exception {
    String group = groupPrefix() + domain.lowerCaseName();
    return admin
        .describeConsumerGroups(List.of(group))
        .all()
        .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .values()
        .stream()
        .mapToLong(description -> description.members().size())
        .sum();
  }

  /** The offset that the domain's group has committed; 0 where it has not. */
  long committed(EventDomain domain, int partition) throws Exception {
    OffsetAndMetadata offset =
        admin
            .listConsumerGroupOffsets(groupPrefix() + domain.lowerCaseName())
            .partitionsToOffsetAndMetadata()
            .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
            .get(new TopicPartition(topics().topic(domain), partition));
    return offset == null ? 0 : offset.offset();
  }

  void awaitCommitted(EventDomain domain, int partition, long offset) throws Exception {
    until(
        "offset %d of %s-%d committed".formatted(offset, domain, partition),
        () -> committed(domain, partition) == offset);
  }

  @Override
  public void close() {
    producer.close(TIMEOUT);
    admin.close(TIMEOUT);
  }
}
