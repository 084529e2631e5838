package io.sluice.handlers.internal.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientVersionTest {

  @Test
  void theVersionOfTheBuildAndThoseOfSpringBootAreAccepted() {
    assertEquals(Optional.empty(), ClientVersion.problem());
    for (String version : new String[] {"3.9.1", "3.10.0", "4.1.2", "4.3.1-SNAPSHOT", "unknown"}) {
      assertEquals(Optional.empty(), ClientVersion.problem(version), version);
    }
  }

  @Test
  void olderOnesAreRefusedWithWhatToSet() {
    for (String version : new String[] {"2.8.2", "3.8.1"}) {
      String problem = ClientVersion.problem(version).orElseThrow();
      assertTrue(problem.contains("kafka-clients " + version), problem);
      assertTrue(problem.contains("needs 3.9 or later"), problem);
      assertTrue(problem.contains("kafka.version"), problem);
    }
  }
}
