package io.sluice.relay.preflight;

import io.sluice.relay.mysql.ServerVersion;
import io.sluice.relay.mysql.TableColumn;
import io.sluice.relay.preflight.Finding.Severity;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tries out the privileges of the relay's account with statements that change nothing, because
 * roles, patterns and partial revokes make the grants themselves hard to read. Reports all missing
 * privileges together, with the statements that grant them.
 */
final class PrivilegeCheck {

  /** Errors for a denied database, table, column or operation. */
  private static final Set<Integer> DENIED = Set.of(1044, 1142, 1143, 1227);

  private static final String IN_OTHER_CASE =
      """
      SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables
      WHERE LOWER(table_schema) = LOWER(?) AND LOWER(table_name) = LOWER(?)\
      """;

  /** Errors of a server that accepts no changes. */
  private static final Set<Integer> READ_ONLY = Set.of(1290, 1836);

  private final Connection connection;
  private final ShardSource source;
  private final List<String> missing = new ArrayList<>();
  private final List<String> grants = new ArrayList<>();
  private Severity severity = Severity.WARNING;
  private boolean isReadOnly;

  private PrivilegeCheck(Connection connection, ShardSource source) {
    this.connection = connection;
    this.source = source;
  }

  /**
   * The findings about privileges.
   *
   * @param connection a connection without a database, which needs no privilege
   */
  static List<Finding> findings(Connection connection, ShardSource source) throws SQLException {
    PrivilegeCheck check = new PrivilegeCheck(connection, source);
    String account = check.account();
    check.server(account);
    for (ShardTable table : source.tables()) {
      check.table(table, account);
    }
    List<Finding> findings = new ArrayList<>();
    if (!check.missing.isEmpty()) {
      findings.add(
          new Finding(
              check.severity,
              "the account %s lacks privileges: %s"
                  .formatted(account, String.join("; ", check.missing)),
              String.join("; ", check.grants)));
    }
    check.readOnly().ifPresent(findings::add);
    return findings;
  }

  /** The account as which the server has authenticated the relay, quoted. */
  private String account() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT CURRENT_USER()")) {
      row.next();
      String account = row.getString(1);
      int at = account.lastIndexOf('@');
      return "'%s'@'%s'".formatted(account.substring(0, at), account.substring(at + 1));
    }
  }

  private void server(String account) throws SQLException {
    ServerVersion version = ServerVersion.of(connection);
    List<String> privileges = new ArrayList<>();
    if (isDenied(version.replicas())) {
      privileges.add("REPLICATION SLAVE");
      missing.add("REPLICATION SLAVE, to read the binlog");
    }
    if (isDenied(version.binlogStatus())) {
      privileges.add("REPLICATION CLIENT");
      missing.add("REPLICATION CLIENT, to find the end of the binlog");
    }
    if (!privileges.isEmpty()) {
      severity = Severity.ERROR;
      grants.add("GRANT %s ON *.* TO %s".formatted(String.join(", ", privileges), account));
    }
  }

  private void table(ShardTable table, String account) throws SQLException {
    List<String> privileges = new ArrayList<>();
    String name = "`%s`.`%s`".formatted(table.database(), table.layout().table());
    if (isDenied("SELECT * FROM %s LIMIT 0".formatted(name))) {
      severity = Severity.ERROR;
      privileges.add("SELECT");
      missing.add("SELECT on %s, to read events".formatted(table.name()));
    }
    if (table.layout().hasDelivery()) {
      if (isDenied("UPDATE %s SET status = status WHERE FALSE".formatted(name))) {
        privileges.add("UPDATE");
        missing.add(
            "UPDATE on %s, without which rows are marked neither FAILED nor PUBLISHED"
                .formatted(table.name()));
      }
      if (isDenied("DELETE FROM %s WHERE FALSE".formatted(name))) {
        privileges.add("DELETE");
        missing.add("DELETE on %s, without which cleanup does not work".formatted(table.name()));
      }
    }
    if (!privileges.isEmpty()) {
      // A table on which the account has no privilege cannot be told from a missing one.
      if (TableColumn.of(connection, table).isEmpty()) {
        grants.add(
            inOtherCase(table)
                .map(
                    "if you mean %s, correct the names: this server compares their case"::formatted)
                .orElseGet(
                    () ->
                        "if %s does not exist, create it first (sluice-relay ddl)"
                            .formatted(table.name())));
      }
      grants.add("GRANT %s ON %s TO %s".formatted(String.join(", ", privileges), name, account));
    }
  }

  /** A table whose name differs in case only, if the account may see it. */
  private Optional<String> inOtherCase(ShardTable table) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(IN_OTHER_CASE)) {
      query.setString(1, table.database());
      query.setString(2, table.layout().table());
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  private boolean isDenied(String statement) throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement)) {
      prepared.execute();
      return false;
    } catch (SQLException e) {
      isReadOnly |= READ_ONLY.contains(e.getErrorCode());
      if (DENIED.contains(e.getErrorCode())) {
        return true;
      }
      if (READ_ONLY.contains(e.getErrorCode()) || isAboutNames(e)) {
        return false;
      }
      throw e;
    }
  }

  /** A missing table or column is found by another check. */
  private static boolean isAboutNames(SQLException failure) {
    return String.valueOf(failure.getSQLState()).startsWith("42");
  }

  private Optional<Finding> readOnly() {
    return isReadOnly
        ? Optional.of(
            Finding.warning(
                "the server %s is read-only, so rows are not marked, and cleanup does not work"
                    .formatted(source.server().address()),
                "read from the primary server; if this one is a replica on purpose, delete old rows on the primary"))
        : Optional.empty();
  }
}
