package io.sluice.redrive;

/** What is done with failed events. */
enum Operation {
  REDRIVE("redrive"),
  DISCARD("discard");

  private final String title;

  Operation(String title) {
    this.title = title;
  }

  /** For messages. */
  String title() {
    return title;
  }
}
