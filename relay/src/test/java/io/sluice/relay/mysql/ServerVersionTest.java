package io.sluice.relay.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
  @CsvSource({"8.0.11, Slave", "8.0.21-log, Slave", "8.0.22, Replica", "9.7.4, Replica"})
  void usesTheWordForAReplicaOfTheVersion(String version, String replica) {
    assertEquals(replica, ServerVersion.parse(version).replica());
  }

  @Test
  void refusesTextThatIsNotAVersion() {
    assertEquals(
        "'unknown' is not a MySQL version",
        assertThrows(IllegalArgumentException.class, () -> ServerVersion.parse("unknown"))
            .getMessage());
  }
}
