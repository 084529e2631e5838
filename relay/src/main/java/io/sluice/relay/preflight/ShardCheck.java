package io.sluice.relay.preflight;

import io.sluice.relay.mysql.ServerFailures;
import io.sluice.relay.mysql.ServerNames;
import io.sluice.relay.preflight.Finding.Severity;
import io.sluice.relay.publish.DeliveryGuarantee;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TransientException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Checks that a source's server and tables allow to read every event correctly. */
public final class ShardCheck {

  private ShardCheck() {}

  /**
   * Requires a source without errors.
   *
   * @return the source with the names by which its server writes them to the binlog
   * @throws OperatorNeededException with all errors, if there are any
   * @throws TransientException if the server does not answer
   */
  public static ShardSource run(ShardSource source, DeliveryGuarantee delivery) {
    List<String> errors =
        findings(source, delivery).stream()
            .filter(finding -> finding.severity() == Severity.ERROR)
            .map(Finding::toString)
            .toList();
    if (!errors.isEmpty()) {
      throw new OperatorNeededException(
          "shard '%s' at %s is not ready".formatted(source.id(), source.address()),
          String.join("; ", errors));
    }
    return ServerNames.of(source);
  }

  /**
   * Checks a source.
   *
   * @return all findings
   * @throws OperatorNeededException if the server denies access
   * @throws TransientException if the server does not answer
   */
  public static List<Finding> findings(ShardSource source, DeliveryGuarantee delivery) {
    try (Connection connection = source.server().connect("")) {
      return findings(connection, ServerNames.of(connection, source), delivery);
    } catch (SQLException e) {
      throw ServerFailures.classify(source, e);
    }
  }

  private static List<Finding> findings(
      Connection connection, ShardSource source, DeliveryGuarantee delivery) throws SQLException {
    List<Finding> findings = new ArrayList<>(ServerCheck.findings(connection, delivery));
    List<Finding> privileges = PrivilegeCheck.findings(connection, source);
    findings.addAll(privileges);
    if (hasErrors(privileges)) {
      return findings; // without them, the account cannot see the rest
    }
    for (ShardTable table : source.tables()) {
      ServerCheck.filter(connection, table.database()).ifPresent(findings::add);
      findings.addAll(TableCheck.findings(connection, table));
    }
    return findings;
  }

  /** Whether the shard is not relayed because of these findings. */
  public static boolean hasErrors(List<Finding> findings) {
    return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
  }
}
