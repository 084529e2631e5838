package io.sluice.sandbox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SandboxServersTest {

  @Test
  void serversThatTheEnvironmentNamesAreForeign() {
    SandboxEnvironment environment =
        new SandboxEnvironment(
            Map.of(
                SandboxEnvironment.MYSQL_URL, "jdbc:mysql://db.example/",
                SandboxEnvironment.MYSQL_USER, "root",
                SandboxEnvironment.KAFKA_BOOTSTRAP, "kafka.example:9092"));

    assertEquals(List.of("MySQL", "Kafka"), SandboxServers.foreign(environment));
  }

  @Test
  void aServerThatIsStartedIsNotForeign() {
    SandboxEnvironment environment =
        new SandboxEnvironment(
            Map.of(
                SandboxEnvironment.MYSQL_URL, "jdbc:mysql://db.example/",
                SandboxEnvironment.MYSQL_USER, "root",
                SandboxEnvironment.KAFKA_WAY, "maven"));

    assertEquals(List.of("MySQL"), SandboxServers.foreign(environment));
  }
}
