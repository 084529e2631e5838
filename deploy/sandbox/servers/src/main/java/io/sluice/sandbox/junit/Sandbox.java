package io.sluice.sandbox.junit;

import io.sluice.sandbox.server.KafkaServer;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.SandboxServers;
import java.time.Duration;
import java.util.List;

/**
 * The databases, accounts and topics of a test class. Their names are unique, and they are dropped
 * after the class.
 *
 * <p>Leaks are found only on connections to a {@link #database} of the class or by an {@link
 * #account} of the class, not on other connections of the administrator.
 *
 * <p>Thread-safe. The extension of {@link SandboxTest} creates it and drops its content.
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
   * Creates a sandbox on servers that only this test uses and may kill. The caller closes the
   * servers. Databases, accounts and topics are not dropped.
   *
   * @param name the name of the test, used in names of databases and topics
   */
  public static Sandbox on(SandboxServers servers, String name) {
    return new Sandbox(servers, Names.of(name));
  }

  /**
   * The MySQL server. It must not be killed unless the test started it, because all test classes
   * share it.
   */
  public MySqlServer mysql() {
    return servers.mysql();
  }

  /**
   * The Kafka broker. It must not be killed unless the test started it, because all test classes
   * share it.
   */
  public KafkaServer kafka() {
    return servers.kafka();
  }

  /**
   * Returns a database of this class. The first call with a name creates the database; later calls
   * return it.
   *
   * @param name up to 32 lower-case letters, digits and underscores
   */
  public Database database(String name) {
    return schemas.database(name);
  }

  /**
   * Creates an account of this class.
   *
   * @param purpose up to 20 lower-case letters, digits and underscores
   * @param grants the privileges of the account, each as written between GRANT and TO, for example
   *     {@code "REPLICATION SLAVE, REPLICATION CLIENT ON *.*"}
   */
  public Account account(String purpose, String... grants) {
    return schemas.account(purpose, List.of(grants));
  }

  /** Creates topics whose names begin with the prefix of this class. */
  public Topics topics() {
    return topics;
  }

  /** The prefix of the names of all topics of this class. */
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
