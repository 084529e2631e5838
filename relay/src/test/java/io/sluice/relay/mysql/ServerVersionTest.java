package io.sluice.relay.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.relay.mysql.ServerVersion.ReplicaStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerVersionTest {

  @ParameterizedTest
  @CsvSource({
    "8.0.36-log, SHOW MASTER STATUS",
    "8.1.0, SHOW MASTER STATUS",
    "8.2.0, SHOW BINARY LOG STATUS",
    "8.4.5, SHOW BINARY LOG STATUS",
    "9.7.4-debian, SHOW BINARY LOG STATUS",
    "10.0.0, SHOW BINARY LOG STATUS"
  })
  void usesTheBinlogStatusStatementOfTheVersion(String version, String query) {
    assertEquals(query, ServerVersion.parse(version).binlogStatus());
  }

  @ParameterizedTest
  @CsvSource({
    "8.0.11, SHOW SLAVE STATUS, Slave_IO_Running, Slave_SQL_Running",
    "8.0.21-log, SHOW SLAVE STATUS, Slave_IO_Running, Slave_SQL_Running",
    "8.0.22, SHOW REPLICA STATUS, Replica_IO_Running, Replica_SQL_Running",
    "9.7.4, SHOW REPLICA STATUS, Replica_IO_Running, Replica_SQL_Running"
  })
  void usesTheReplicaStatusStatementOfTheVersion(
      String version, String query, String receiving, String applying) {
    assertEquals(
        new ReplicaStatus(query, receiving, applying),
        ServerVersion.parse(version).replicaStatus());
  }

  @Test
  void refusesTextThatIsNotAVersion() {
    assertEquals(
        "'unknown' is not a MySQL version",
        assertThrows(IllegalArgumentException.class, () -> ServerVersion.parse("unknown"))
            .getMessage());
  }
}
