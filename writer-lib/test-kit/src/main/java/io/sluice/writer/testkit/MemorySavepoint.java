package io.sluice.writer.testkit;

import java.sql.Savepoint;

/** A savepoint of a transaction; compared by identity. */
final class MemorySavepoint implements Savepoint {

  private final int number;
  private final String name;
  private final int appendedBefore;

  MemorySavepoint(int number, String name, int appendedBefore) {
    this.number = number;
    this.name = name;
    this.appendedBefore = appendedBefore;
  }

  int appendedBefore() {
    return appendedBefore;
  }

  @Override
  public int getSavepointId() {
    return number;
  }

  @Override
  public String getSavepointName() {
    return name;
  }
}
