package io.sluice.relay.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.preflight.Finding.Severity;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.junit.jupiter.api.Test;

class KafkaCheckTest {

  private static Optional<Finding> transactions(int level) {
    return KafkaCheck.transactions(
        Map.of("transaction.version", new FinalizedVersionRange((short) 0, (short) level)));
  }

  @Test
  void requiresTransactionVersionTwo() {
    assertEquals(Optional.empty(), transactions(2));
    Finding finding = transactions(1).orElseThrow();

    assertEquals(Severity.ERROR, finding.severity());
    assertTrue(finding.problem().contains("transaction.version 1"), finding.problem());
    assertTrue(finding.remedy().contains("--feature transaction.version=2"), finding.remedy());
    assertTrue(KafkaCheck.transactions(Map.of()).isPresent());
  }

  @Test
  void moreReplicasThanBrokersAreAnError() {
    assertEquals(Severity.ERROR, KafkaCheck.replication(3, 2).map(Finding::severity).orElseThrow());
    assertEquals(
        Severity.WARNING, KafkaCheck.replication(1, 3).map(Finding::severity).orElseThrow());
    assertEquals(Optional.empty(), KafkaCheck.replication(1, 1));
    assertEquals(Optional.empty(), KafkaCheck.replication(3, 5));
  }
}
