package io.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no test on the shared MySQL can bring about; the rest is in {@link TransientFailureIT}. */
class TransientFailureTest {

  /** Drivers do not agree on the states of these, so that the server's code decides. */
  @ParameterizedTest
  @ValueSource(ints = {1203, 1205, 1213, 1226, 1290, 1317, 1836})
  void theServersCodeIsEnough(int code) {
    assertTrue(TransientFailure.is(new SQLNonTransientException("m", "HY000", code)));
  }

  @Test
  void connectionsAndRollbacksOfTheServerPassWhateverTheirCode() {
    assertTrue(TransientFailure.is(new SQLNonTransientConnectionException("m", "08003", 0)));
    assertTrue(TransientFailure.is(new SQLException("the group has refused", "40000", 3101)));
  }

  @Test
  void whatADriverOrAPoolCallsTransientIsSo() {
    assertTrue(TransientFailure.is(new SQLTransientConnectionException("no connection in 30 s")));
    assertTrue(TransientFailure.is(new SQLRecoverableException("m")));
  }

  @Test
  void whatNobodyCallsTransientIsNot() {
    assertFalse(TransientFailure.is(new SQLException("m")));
    assertFalse(TransientFailure.is(new SQLException("data too long", "22001", 1406)));
  }
}
