package io.sluice.relay.binlog;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.shyiko.mysql.binlog.network.ServerException;
import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.Secret;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardServer.Login;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import io.sluice.relay.shard.TlsMode;
import io.sluice.relay.shard.TransientException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class EngineEndTest {

  private static final ShardSource SOURCE =
      ShardSource.of(
          new ShardServer("db", 3306, new Login("relay", new Secret("pw")), 7, TlsMode.DISABLED),
          new ShardTable(ShardId.of("shard-1"), "trading", TableLayout.STANDARD));

  private static RelayException classify(Throwable error) {
    return new EngineEnd("ended", error).failure(SOURCE);
  }

  @Test
  void anEndWithoutAnErrorIsAFailure() {
    RelayException failure = new EngineEnd("returned", null).failure(SOURCE);

    assertInstanceOf(TransientException.class, failure);
    assertTrue(String.valueOf(failure.getMessage()).contains("returned"));
  }

  @Test
  void findsTheForwardersExceptionAmongTheCauses() {
    OperatorNeededException thrown = new OperatorNeededException("too large", "make it smaller");

    assertSame(thrown, classify(new RuntimeException(new IllegalStateException(thrown))));
  }

  @Test
  void deniedAccessNeedsAnOperator() {
    SQLException denied =
        new SQLException("Access denied; you need REPLICATION SLAVE", "42000", 1227);

    RelayException failure = classify(new RuntimeException(denied));

    assertInstanceOf(OperatorNeededException.class, failure);
    assertTrue(
        String.valueOf(failure.getMessage())
            .contains("'sluice-relay doctor' prints the statement"));
  }

  /** After gtid_mode was lowered and raised again; other messages have this code too. */
  @Test
  void transactionsWithoutGtidsNeedAnOperator() {
    String anonymous = "Cannot replicate anonymous transaction when AUTO_POSITION = 1";

    RelayException failure =
        classify(new RuntimeException(new ServerException(anonymous, 1236, "HY000")));

    assertInstanceOf(OperatorNeededException.class, failure);
    assertTrue(String.valueOf(failure.getMessage()).contains("heal shard-1 --force"));
    assertInstanceOf(
        TransientException.class,
        classify(new RuntimeException(new ServerException("log event entry", 1236, "HY000"))));
  }

  @Test
  void aLostConnectionIsTransient() {
    SQLException lost = new SQLException("Communications link failure", "08S01", 0);

    assertInstanceOf(TransientException.class, classify(new RuntimeException(lost)));
  }

  @Test
  void anErrorOfAThreadNeedsAnOperatorAndNamesTheRemedy() {
    String stack = String.valueOf(classify(new StackOverflowError()).getMessage());
    String library =
        String.valueOf(classify(new NoClassDefFoundError("com.github.luben.zstd")).getMessage());

    assertTrue(stack.contains("-Xss32m"), stack);
    assertTrue(library.contains("zstd"), library);
    assertTrue(library.contains("-Djava.io.tmpdir"), library);
  }
}
