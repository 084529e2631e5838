package io.sluice.redrive;

/** What is done with failed events. */
enum Operation {
  REDRIVE("redrive"),
  DISCARD("discard");

  final String title;

  Operation(String title) {
    this.title = title;
  }
}
