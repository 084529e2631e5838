package io.sluice.redrive.internal.rows;

/** What is done with failed events. */
public enum Operation {
  REDRIVE("redrive"),
  DISCARD("discard");

  private final String title;

  Operation(String title) {
    this.title = title;
  }

  /** For messages. */
  public String title() {
    return title;
  }
}
