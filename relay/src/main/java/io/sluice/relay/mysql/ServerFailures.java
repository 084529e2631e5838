package io.sluice.relay.mysql;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import java.sql.SQLException;
import java.util.Set;

/**
 * Classifies failures of a shard's server by MySQL's error numbers: transient, or in need of an
 * operator, with a remedy. {@link io.sluice.outbox.MySqlErrors} answers another question, whether
 * the same statement can succeed when it is repeated.
 */
public final class ServerFailures {

  private static final int ER_DBACCESS_DENIED = 1044;
  private static final int ER_ACCESS_DENIED = 1045;
  private static final int ER_BAD_DB = 1049;
  private static final int ER_TABLEACCESS_DENIED = 1142;
  private static final int ER_NO_SUCH_TABLE = 1146;
  private static final int ER_SPECIFIC_ACCESS_DENIED = 1227;
  private static final int ER_SOURCE_FATAL_ERROR_READING_BINLOG = 1236;

  private static final Set<Integer> ACCESS =
      Set.of(ER_DBACCESS_DENIED, ER_TABLEACCESS_DENIED, ER_SPECIFIC_ACCESS_DENIED);

  private ServerFailures() {}

  /** Classifies a failed statement or connection. */
  public static RelayException classify(ShardSource source, SQLException failure) {
    return classify(source, failure.getErrorCode(), failure);
  }

  /** Classifies an error that the server reports outside of JDBC, for example to a replica. */
  public static RelayException classify(ShardSource source, int errorCode, Throwable failure) {
    String problem =
        "shard '%s' at %s: %s [error %d]"
            .formatted(source.id(), source.address(), reason(failure), errorCode);
    if (errorCode == ER_ACCESS_DENIED) {
      return new OperatorNeededException(
          problem,
          "correct user name and password of the shard; if the account requires TLS, set tls",
          failure);
    }
    if (errorCode == ER_SOURCE_FATAL_ERROR_READING_BINLOG && problem.contains("anonymous")) {
      return new OperatorNeededException(
          problem,
          "the binlog has transactions without GTIDs after the position: set gtid_mode=ON for good;"
              + " then approve a new position: the shard continues at the current end of the binlog"
              + " and reconciles its table to find missed events: sluice-relay shards heal %s --force"
                  .formatted(source.id()),
          failure);
    }
    if (ACCESS.contains(errorCode)) {
      return new OperatorNeededException(
          problem,
          "grant the account what it lacks: 'sluice-relay doctor' prints the statement",
          failure);
    }
    if (errorCode == ER_BAD_DB || errorCode == ER_NO_SUCH_TABLE) {
      return new OperatorNeededException(
          problem,
          "correct the names of database and table, or create the table: 'sluice-relay ddl' prints the statement",
          failure);
    }
    return new TransientException(problem, failure);
  }

  /** The message in one line, with the root cause, which the driver's message does not contain. */
  private static String reason(Throwable failure) {
    Throwable root = RootCause.of(failure);
    String first = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return root.equals(failure) ? first : first + " (" + root + ")";
  }
}
