package io.sluice.sandbox.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("containers")
@SandboxTest
class SandboxIT {
  private final Sandbox sandbox;

  SandboxIT(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  @Test
  void runsScriptsInADatabaseOfItsOwn() throws SQLException {
    Database orders = sandbox.database("orders");
    orders.run(
        "CREATE TABLE t (id BIGINT PRIMARY KEY); INSERT INTO t VALUES (7); SELECT * FROM t;");
    try (Connection connection = orders.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT DATABASE(), id FROM t")) {
      assertTrue(row.next());
      assertEquals(orders.name(), row.getString(1));
      assertEquals(7, row.getLong(2));
    }
    assertSame(orders, sandbox.database("orders"));
  }

  @Test
  void failsAtALaterStatementOfAScript() {
    Database wrong = sandbox.database("wrong");
    assertThrows(SQLException.class, () -> wrong.run("SELECT 1; SELECT * FROM missing"));
  }

  @Test
  void keepsADatabasesAccountOutOfOthers() {
    Database one = sandbox.database("one");
    Database two = sandbox.database("two");
    assertThrows(SQLSyntaxErrorException.class, () -> one.account().connect(two));
  }

  @Test
  void grantsWhatIsAskedFor() throws SQLException {
    Database read = sandbox.database("readable");
    read.run("CREATE TABLE t (id BIGINT PRIMARY KEY)");
    Account reader =
        sandbox.account(
            "reader",
            "SELECT ON `" + read.name() + "`.t",
            "REPLICATION SLAVE, REPLICATION CLIENT ON *.*");
    try (Connection connection = reader.connect(read);
        Statement statement = connection.createStatement()) {
      statement.execute("SHOW BINARY LOG STATUS");
      statement.execute("SELECT * FROM t");
      assertThrows(SQLException.class, () -> statement.execute("INSERT INTO t VALUES (1)"));
    }
  }

  @Test
  void makesTopicsWithItsPrefix() throws ExecutionException, InterruptedException {
    String topic = sandbox.topics().create("events", 3, Map.of("cleanup.policy", "compact"));
    assertTrue(topic.startsWith(sandbox.topicPrefix()));
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()))) {
      TopicDescription description =
          only(admin.describeTopics(Set.of(topic)).allTopicNames().get());
      assertEquals(3, description.partitions().size());
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      Config config = only(admin.describeConfigs(List.of(resource)).all().get());
      assertTrue(config.entries().stream().anyMatch(SandboxIT::compacts), config.toString());
    }
  }

  @Test
  void leavesSharedServersAlone() {
    assertFalse(sandbox.mysql().isOurs());
    String failure =
        assertThrows(UnsupportedOperationException.class, () -> sandbox.mysql().kill()).toString();
    assertTrue(failure.contains("all test classes of the build share it"), failure);
  }

  private static boolean compacts(ConfigEntry entry) {
    return entry.name().equals("cleanup.policy") && "compact".equals(entry.value());
  }

  private static <T> T only(Map<?, T> map) {
    return map.values().iterator().next();
  }

  @Nested
  class Inside {
    @Test
    void usesTheSandboxOfTheClassAround(Sandbox inner) {
      assertSame(sandbox.mysql(), inner.mysql());
      assertEquals(sandbox.topicPrefix(), inner.topicPrefix());
    }
  }
}
