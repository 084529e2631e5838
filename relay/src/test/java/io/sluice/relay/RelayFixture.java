package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.relay.admin.Provisioned;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.config.RelayConfig.Identity;
import io.sluice.relay.config.RelayConfig.Publishing;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.maintenance.MaintenanceSettings;
import io.sluice.relay.ops.OpsSettings;
import io.sluice.relay.publish.DeliveryGuarantee;
import io.sluice.relay.record.Domains;
import io.sluice.relay.record.RecordFormat;
import io.sluice.relay.record.TopicSettings;
import io.sluice.relay.recovery.RecoverySettings;
import io.sluice.relay.shard.Secret;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardServer.Login;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import io.sluice.relay.shard.TlsMode;
import io.sluice.relay.state.InternalTopics;
import io.sluice.sandbox.junit.Account;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** The environment of a relay for one test: shards with outbox tables, accounts and topics. */
public final class RelayFixture {

  private static final AtomicLong SERVER_IDS =
      new AtomicLong(1_000_000 + ProcessHandle.current().pid() % 1_000_000 * 1_000);

  private final Sandbox sandbox;
  private final String name;
  private final List<Database> databases = new ArrayList<>();
  private final List<ShardSource> sources = new ArrayList<>();
  private final OutboxWriter writer = new OutboxWriter();

  /**
   * Creates the shards {@code s0}, {@code s1} …
   *
   * @param name unique within the test class
   */
  public RelayFixture(Sandbox sandbox, String name, int shards) throws SQLException {
    this.sandbox = sandbox;
    this.name = name;
    for (int i = 0; i < shards; i++) {
      Database database = sandbox.database(name + "_" + i);
      database.run(OutboxTable.ddl());
      databases.add(database);
      sources.add(source(database, ShardId.of("s" + i)));
    }
  }

  /**
   * Creates the shard {@code s0} on a separate server.
   *
   * @param name unique within the test class
   */
  RelayFixture(Sandbox sandbox, String name, MySqlServer own) throws SQLException {
    this.sandbox = sandbox;
    this.name = name;
    try (Connection admin = own.connect();
        Statement statement = admin.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    Database database = new Database(name, new Account(own.address(), own.address().admin()));
    database.run(OutboxTable.ddl());
    databases.add(database);
    sources.add(
        ShardSource.of(
            new ShardServer(
                own.host(),
                own.port(),
                new Login(database.user(), new Secret(database.password())),
                SERVER_IDS.incrementAndGet(),
                TlsMode.DISABLED),
            new ShardTable(ShardId.of("s0"), name, TableLayout.STANDARD)));
  }

  /** Creates the account with the minimal grants of the documentation. */
  private ShardSource source(Database database, ShardId id) {
    Account account =
        sandbox.account(
            "relay",
            "REPLICATION SLAVE, REPLICATION CLIENT ON *.*",
            "SELECT, UPDATE, DELETE ON `%s`.outbox_events".formatted(database.name()));
    return ShardSource.of(
        new ShardServer(
            sandbox.mysql().host(),
            sandbox.mysql().port(),
            new Login(account.user(), new Secret(account.password())),
            SERVER_IDS.incrementAndGet(),
            TlsMode.DISABLED),
        new ShardTable(id, database.name(), TableLayout.STANDARD));
  }

  public RelayConfig config(EventDomain... domains) {
    return config(Domains.of(List.of(domains)));
  }

  public RelayConfig config(Domains domains) {
    return new RelayConfig(
        new Identity(
            new InternalTopics(sandbox.topicPrefix() + name),
            Optional.empty(),
            OpsSettings.DEFAULT),
        new KafkaSettings(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers())),
        new Publishing(
            DeliveryGuarantee.EXACTLY_ONCE,
            new TopicSettings(template(), 3, (short) 1, 2 << 20),
            RecordFormat.PLAIN,
            domains),
        RecoverySettings.DEFAULT,
        MaintenanceSettings.DEFAULT,
        OptionalLong.empty(),
        sources);
  }

  public RelayConfig config() {
    return config(EventDomain.CHAT, EventDomain.PORTFOLIO);
  }

  private TopicTemplate template() {
    return new TopicTemplate(eventTopics() + "${domain}");
  }

  /** The prefix of all event topics. */
  public String eventTopics() {
    return sandbox.topicPrefix() + name + "-event-";
  }

  /** The servers of the fixture. */
  public Sandbox sandbox() {
    return sandbox;
  }

  /** Creates a relay with short periods. */
  public static Relay relay(RelayConfig config) {
    return Relay.of(config, TestTimings.SHORT);
  }

  /** Creates a relay with these periods. */
  public static Relay relay(RelayConfig config, RelayTimings timings) {
    return Relay.of(config, timings);
  }

  /** Provisions all shards, so that events written from now on are relayed. */
  public void provision() {
    provision(config());
  }

  /** Provisions the shards of a configuration; fails if one is not ready. */
  public static void provision(RelayConfig config) {
    new RelayWiring(config)
        .provisioner()
        .provision(config.shards())
        .values()
        .forEach(outcome -> assertInstanceOf(Provisioned.Ready.class, outcome));
  }

  /** The number of shards. */
  public int shards() {
    return sources.size();
  }

  public ShardSource source(int shard) {
    return sources.get(shard);
  }

  public Database database(int shard) {
    return databases.get(shard);
  }

  public Connection connect(int shard) throws SQLException {
    Connection connection = database(shard).connect();
    connection.setAutoCommit(false);
    return connection;
  }

  public void append(Connection connection, OutboxEvent... events) {
    writer.append(connection, events);
  }

  /** Commits the events in one transaction. */
  public void write(int shard, OutboxEvent... events) throws SQLException {
    try (Connection connection = connect(shard)) {
      append(connection, events);
      connection.commit();
    }
  }

  /** The status of an event and its last error, separated by a bar. */
  String outcome(int shard, Object id) {
    return text(
        shard,
        "SELECT CONCAT_WS('|', status, last_error) FROM outbox_events WHERE id = '" + id + "'");
  }

  /** The single value of a query as text. */
  public String text(int shard, String query) {
    try (Connection connection = database(shard).connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return String.valueOf(row.getString(1));
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  public static OutboxEvent chat(String room, String json) {
    return OutboxEvent.builder(EventDomain.CHAT, "message_sent")
        .aggregate("room", room)
        .json(json)
        .build();
  }

  /** A reader of the topic of a domain, from its beginning. */
  public TopicReader reader(EventDomain domain) {
    return reader(template().topic(domain));
  }

  /** A reader of one shard's records on the topic of a domain. */
  public TopicReader reader(EventDomain domain, int shard) {
    return reader(template().topic(domain), shard);
  }

  /** A reader of the dead letters of a domain. */
  public TopicReader deadLetters(EventDomain domain) {
    return reader(template().topic(domain) + ".dlq");
  }

  /** The same for one shard alone. */
  public TopicReader deadLetters(EventDomain domain, int shard) {
    return reader(template().topic(domain) + ".dlq", shard);
  }

  /** A reader of the dead letters without a domain. */
  public TopicReader strayDeadLetters() {
    return reader(config().identity().topics().deadLetters());
  }

  /** The same for one shard alone. */
  public TopicReader strayDeadLetters(int shard) {
    return reader(config().identity().topics().deadLetters(), shard);
  }

  /** A reader of a topic, from its beginning. */
  public TopicReader reader(String topic) {
    return TopicReader.open(sandbox.kafka().bootstrapServers(), topic);
  }

  private TopicReader reader(String topic, int shard) {
    return TopicReader.open(sandbox.kafka().bootstrapServers(), topic, source(shard).id());
  }
}
