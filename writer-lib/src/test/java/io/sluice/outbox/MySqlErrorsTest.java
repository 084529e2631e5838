package io.sluice.outbox;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Errors that tests cannot cause on a shared MySQL; the writer's integration tests cause others.
 */
class MySqlErrorsTest {

  /** Drivers report different SQL states for these, so the error code decides. */
  @ParameterizedTest
  @ValueSource(ints = {1203, 1205, 1213, 1226, 1290, 1317, 1836})
  void transientErrorCodes(int code) {
    assertTrue(MySqlErrors.isTransient(new SQLNonTransientException("m", "HY000", code)));
  }

  @Test
  void connectionFailuresAndRollbacksOfTheServerAreTransientWhateverTheirCode() {
    assertTrue(MySqlErrors.isTransient(new SQLNonTransientConnectionException("m", "08003", 0)));
    assertTrue(MySqlErrors.isTransient(new SQLException("the group has refused", "40000", 3101)));
  }

  @Test
  void exceptionsThatTheDriverOrThePoolDeclaresTransientAreTransient() {
    assertTrue(
        MySqlErrors.isTransient(new SQLTransientConnectionException("no connection in 30 s")));
    assertTrue(MySqlErrors.isTransient(new SQLRecoverableException("m")));
  }

  @Test
  void otherFailuresAreNotTransient() {
    assertFalse(MySqlErrors.isTransient(new SQLException("m")));
    assertFalse(MySqlErrors.isTransient(new SQLException("data too long", "22001", 1406)));
  }

  @ParameterizedTest
  @CsvSource({
    "HY000, 1366",
    "HY000, 3819",
    "01000, 1265",
    "22001, 1406",
    "23000, 1062",
    "45000, 1644"
  })
  void refusedValues(String state, int code) {
    assertTrue(MySqlErrors.isValueRefused(new SQLException("m", state, code)));
  }

  @Test
  void otherFailuresDoNotConcernValues() {
    assertFalse(MySqlErrors.isValueRefused(new SQLException("m")));
    assertFalse(MySqlErrors.isValueRefused(new SQLException("no table", "42S02", 1146)));
  }
}
