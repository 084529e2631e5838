package io.sluice.redrive;

/** What happens to the selected events. */
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
