package io.sluice.relay.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.relay.ops.OpsSettings;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TlsMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {

  private static final String CORRECT =
      """
      group: trading
      kafka:
        bootstrap.servers: broker:9092
        security.protocol: SASL_SSL
      topics:
        template: events.${domain}
        partitions: 6
        replication-factor: 1
        max-message-bytes: 1000000
      domains: [CHAT, RISK]
      ops: {host: 0.0.0.0, port: 0}
      shards:
        - id: global
          host: db-1
          port: 3306
          database: trading_global
          username: relay
          password: ${env:PASSWORD}
          server-id: 4294967295
        - id: 0
          host: db-1
          database: trading_0
          username: relay
          password: ${file:secret.txt}
          server-id: 2
          tls: disabled
      """;

  @TempDir private Path folder;

  private RelayConfig read(String yaml) throws IOException {
    Path file = folder.resolve("relay.yaml");
    Files.writeString(file, yaml);
    return ConfigReader.read(file, Map.of("PASSWORD", "from environment"));
  }

  private List<String> problems(String yaml) {
    return assertThrows(ConfigException.class, () -> read(yaml)).problems();
  }

  @Test
  void readsEverySetting() throws IOException {
    Files.writeString(folder.resolve("secret.txt"), "from file\n");

    RelayConfig config = read(CORRECT);

    assertEquals("trading.positions", config.identity().topics().positions());
    assertEquals("broker:9092", config.kafka().bootstrapServers());
    assertEquals("events.chat", config.publishing().topics().template().topic(EventDomain.CHAT));
    assertEquals(6, config.publishing().topics().partitions());
    assertEquals(1, config.publishing().topics().replicationFactor());
    assertEquals(1_000_000, config.publishing().topics().maxMessageBytes());
    assertEquals(
        Set.of(EventDomain.CHAT, EventDomain.of("RISK")), config.publishing().domains().names());
    assertEquals(new OpsSettings(true, "0.0.0.0", 0), config.identity().ops());
    ShardSource global = config.shards().get(0);
    assertEquals("db-1:3306/trading_global", global.address());
    assertEquals("from environment", global.server().login().password().value());
    assertEquals(TlsMode.VERIFY_IDENTITY, global.server().tls());
    assertEquals(4_294_967_295L, global.server().serverId());
    ShardSource zero = config.shards().get(1);
    assertEquals(ShardId.of(0), zero.id());
    assertEquals(3306, zero.server().port());
    assertEquals("from file", zero.server().login().password().value());
    assertEquals(TlsMode.DISABLED, zero.server().tls());
  }

  @Test
  void reportsMandatorySettingsOfAnEmptyFile() {
    assertEquals(
        List.of(
            "kafka.bootstrap.servers: is missing: name the brokers as host:port,host:port",
            "shards: is missing: name at least one shard"),
        problems("{}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          group: trading               | group: Tra_ding        | group: 'Tra_ding'
          group: trading               | grup: trading          | grup: is not a setting
          group: trading               | group:                 | group: has no value
          security.protocol: SASL_SSL  | security.protocol:     | kafka.security.protocol: has no value
          security.protocol: SASL_SSL  | security.protocol: FOO | kafka.(values): Invalid value FOO
          database: trading_0          | database: trading_global | shards[1].database: db-1
          security.protocol: SASL_SSL  | partitioner.class: x   | kafka.partitioner.class: is set by the relay
          [CHAT, RISK]                 | []                     | domains:
          ${env:PASSWORD}              | 0123                   | shards[0].password: is text that YAML reads as
          bootstrap.servers: broker    | bootstrap.server: brok | kafka.bootstrap.server: is not a property
          security.protocol: SASL_SSL  | group.instance.id: a   | kafka.group.instance.id: is set by the relay
          security.protocol: SASL_SSL  | acks: 1                | kafka.acks: is set by the relay itself
          template: events.${domain}   | template: events       | topics.template: topic template 'events'
          template: events.${domain}   | template: ${domain} x  | topics.template: topic template
          partitions: 6                | partitions: 0          | topics.partitions: '0' must be
          partitions: 6                | partitions: six        | topics.partitions: 'six' must be
          partitions: 6                | partitions: [6]        | topics.partitions: must be a single value
          partitions: 6                | partition: 6           | topics.partition: is not a setting (did you mean 'partitions'?): those
          [CHAT, RISK]                 | [CHAT, risk]           | domains[1]: domain 'risk'
          [CHAT, RISK]                 | CHAT                   | domains: must be a mapping
          id: global                   | id: a b                | shards[0].id: shard id 'a b'
          id: global                   | id: 0                  | shards[1].id: source 0 is the same as shards[0].id
          database: trading_0          | database: Trading_Global | shards[1].database: db-1
          host: db-1                   | hots: db-1             | shards[0].host: is missing
          port: 3306                   | port: 70000            | shards[0].port: '70000' must be
          database: trading_0          | database: a`b          | shards[1].database: 'a`b' must be
          ${env:PASSWORD}              | ${env:PASWORD}         | shards[0].password: environment variable PASWORD
          ${file:secret.txt}           | ${file:nothing.txt}    | shards[1].password: file
          ${file:secret.txt}           | ${vault:secret}        | shards[1].password: placeholder ${vault:secret}
          ${file:secret.txt}           | ${env:A}${env:B}       | shards[1].password: environment variable B
          database: trading_0          | databases: {}          | shards[1].databases: is empty
          database: trading_0          | databases: {a b: c}    | shards[1].databases.a b: shard id 'a b'
          group: trading               | domain: []             | domain: is not a setting (did you mean 'domains'?): those here are binlog, cleanup
          group: trading               | healing: {patience: 5} | healing.patience: '5' must be a number and its unit
          group: trading               | healing: {approval: x} | healing.approval: 'x' must be automatic or operator
          group: trading               | sweep: {enabled: 'no'} | sweep.enabled: 'no' must be true or false
          group: trading               | engine: {queue-bytes: 1} | engine.queue-bytes: '1' must be a whole number from
          group: trading               | cleanup: {batch-rows: 1} | cleanup.batch-rows: is not a setting
          [CHAT, RISK]                 | {CHAT: {completion: x}} | domains.CHAT.completion: 'x' must be handlers or relay
          port: 0}                     | port: 65536}           | ops.port: '65536' must be
          host: 0.0.0.0                | hots: 0.0.0.0          | ops.hots: is not a setting
          server-id: 2                 | server-id: 0           | shards[1].server-id: '0' must be
          server-id: 2                 | weight: 2              | shards[1].weight: is not a setting
          tls: disabled                | tls: preferred         | shards[1].tls: 'preferred' must be
          """)
  void reportsTheWrongSetting(String correct, String wrong, String problem) throws IOException {
    Files.writeString(folder.resolve("secret.txt"), "from file");
    assertTrue(CORRECT.contains(correct), correct);

    List<String> problems = problems(CORRECT.replace(correct, wrong));

    assertTrue(
        problems.stream().anyMatch(found -> found.startsWith(problem)),
        String.join("\n", problems));
  }

  @Test
  void reportsAllProblemsAtOnce() {
    assertEquals(4, problems("{group: A, topics: {x: 1}}").size());
  }

  @Test
  void aRepeatedShardIsReportedOnce() throws IOException {
    Files.writeString(folder.resolve("secret.txt"), "from file");

    assertEquals(1, problems(CORRECT.replace("id: global", "id: 0")).size());
  }

  @Test
  void aServerIdIsUniquePerServer() throws IOException {
    Files.writeString(folder.resolve("secret.txt"), "from file");
    String sameServer = CORRECT.replace("port: 3306", "port: 3306");

    List<String> problems = problems(sameServer.replace("server-id: 4294967295", "server-id: 2"));

    assertEquals(1, problems.size());
    assertTrue(problems.get(0).startsWith("shards[1].server-id: 2 on db-1:3306 is the same"));
  }

  @Test
  void onlyTheColumnsOfAnEventCanBeMapped() throws IOException {
    Files.writeString(folder.resolve("secret.txt"), "from file");
    String columns =
        "id: id, aggregate_type: a, aggregate_id: b, event_type: c, event_data: d, domain: e";
    String table = "    table: {name: t, columns: {%s}}\n";

    assertFalse(
        read(CORRECT + table.formatted(columns))
            .shards()
            .get(1)
            .tables()
            .get(0)
            .layout()
            .hasDelivery());
    assertTrue(
        read(CORRECT + "    table: {name: t}\n")
            .shards()
            .get(1)
            .tables()
            .get(0)
            .layout()
            .hasDelivery());
    List<String> problems = problems(CORRECT + table.formatted(columns + ", status: state"));
    assertEquals(1, problems.size());
    assertTrue(
        problems.get(0).startsWith("shards[1].table.columns: status, retry_count"),
        problems.get(0));
  }

  @Test
  void aSecondDocumentIsRefused() {
    assertTrue(problems("group: a\n---\ngroup: b\n").get(0).contains("cannot be read"));
  }

  @Test
  void aSettingGivenTwiceIsRefused() {
    assertTrue(problems("group: a\ngroup: b\n").get(0).contains("uplicate"));
  }

  @Test
  void secretsAreNotShown() throws IOException {
    Files.writeString(folder.resolve("secret.txt"), "from file");

    assertFalse(read(CORRECT).toString().contains("from "));
  }
}
