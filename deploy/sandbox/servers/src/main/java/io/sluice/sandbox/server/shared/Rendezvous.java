package io.sluice.sandbox.server.shared;

import io.sluice.sandbox.server.KafkaServer;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.SandboxServers;
import io.sluice.sandbox.server.api.Login;
import io.sluice.sandbox.server.api.MySqlAddress;
import java.util.Properties;

/**
 * The addresses that a holder publishes for the test JVMs of its build.
 *
 * @param holder the process that holds the servers
 * @param mysql the address of MySQL
 * @param mysqlDescription the description of MySQL
 * @param bootstrapServers the address of Kafka
 * @param kafkaDescription the description of Kafka
 */
record Rendezvous(
    BuildOwner holder,
    MySqlAddress mysql,
    String mysqlDescription,
    String bootstrapServers,
    String kafkaDescription) {

  static Rendezvous of(BuildOwner holder, SandboxServers servers) {
    return new Rendezvous(
        holder,
        servers.mysql().address(),
        servers.mysql().description(),
        servers.kafka().bootstrapServers(),
        servers.kafka().description());
  }

  static Rendezvous parse(Properties properties) {
    return new Rendezvous(
        BuildOwner.parse(value(properties, "holder")),
        new MySqlAddress(
            value(properties, "mysql.host"),
            Integer.parseInt(value(properties, "mysql.port")),
            value(properties, "mysql.parameters"),
            new Login(value(properties, "mysql.user"), value(properties, "mysql.password"))),
        value(properties, "mysql.description"),
        value(properties, "kafka.bootstrap.servers"),
        value(properties, "kafka.description"));
  }

  Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("holder", holder.text());
    properties.setProperty("mysql.host", mysql.host());
    properties.setProperty("mysql.port", Integer.toString(mysql.port()));
    properties.setProperty("mysql.parameters", mysql.parameters());
    properties.setProperty("mysql.user", mysql.admin().user());
    properties.setProperty("mysql.password", mysql.admin().password());
    properties.setProperty("mysql.description", mysqlDescription);
    properties.setProperty("kafka.bootstrap.servers", bootstrapServers);
    properties.setProperty("kafka.description", kafkaDescription);
    return properties;
  }

  /** The servers, which the caller cannot stop or kill. */
  SandboxServers attach() {
    String owner = "all test classes of the build share it; a test can start another one";
    return new SandboxServers(
        MySqlServer.attach(mysql, mysqlDescription, owner),
        KafkaServer.attach(bootstrapServers, kafkaDescription, owner));
  }

  private static String value(Properties properties, String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("the rendezvous file has no " + key);
    }
    return value;
  }
}
