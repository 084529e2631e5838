package io.sluice.redrive;

/** The operation on the selected events. */
enum Operation {
  REDRIVE("redrive"),
  DISCARD("discard");

  private final String title;

  Operation(String title) {
    this.title = title;
  }

  /** The name of the operation in messages. */
  String title() {
    return title;
  }
}
