package io.sluice.sandbox.junit;

import io.sluice.sandbox.server.KafkaServer;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.SandboxServers;
import java.time.Duration;
import java.util.List;

/**
 * What a test class has on the servers: names nobody else uses, and everything made under them
 * dropped after the class.
 *
 * <p>Connections of the administrator to no database of the class are nobody's: a test that wants
 * leaks found uses {@link #database} and {@link #account}.
 *
 * <p>Thread-safe. The extension of {@link SandboxTest} opens and ends it.
 */
public final class Sandbox {
  private final SandboxServers servers;
  private final Schemas schemas;
  private final Topics topics;

  Sandbox(SandboxServers servers, Names names) {
    this.servers = servers;
    this.schemas = new Schemas(servers.mysql(), names);
    this.topics = new Topics(servers.kafka().bootstrapServers(), names.topicPrefix());
  }

  /**
   * The same on servers a test has for itself, which may be killed. Whoever started them closes
   * them; nothing is dropped before.
   *
   * @param name of the test, in its databases' and topics' names
   */
  public static Sandbox on(SandboxServers servers, String name) {
    return new Sandbox(servers, Names.of(name));
  }

  /** The MySQL; shared by all test classes unless the test made it, and then not to be killed. */
  public MySqlServer mysql() {
    return servers.mysql();
  }

  /** The Kafka; shared by all test classes unless the test made it, and then not to be killed. */
  public KafkaServer kafka() {
    return servers.kafka();
  }

  /**
   * A database of this class, empty the first time a name is asked for and the same one afterwards.
   *
   * @param name up to 32 lower-case letters, digits and underscores
   */
  public Database database(String name) {
    return schemas.database(name);
  }

  /**
   * A new account of this class.
   *
   * @param purpose up to 20 lower-case letters, digits and underscores
   * @param grants what it may do, each as it stands between GRANT and TO, for example {@code
   *     "REPLICATION SLAVE, REPLICATION CLIENT ON *.*"}
   */
  public Account account(String purpose, String... grants) {
    return schemas.account(purpose, List.of(grants));
  }

  /** Makes topics whose names begin with this class's prefix. */
  public Topics topics() {
    return topics;
  }

  /** What the name of every topic of this class begins with. */
  public String topicPrefix() {
    return topics.prefix();
  }

  List<String> leakedConnections(Duration bound) {
    return schemas.leakedConnections(bound);
  }

  void drop() {
    try {
      schemas.drop();
    } finally {
      topics.drop();
    }
  }
}
