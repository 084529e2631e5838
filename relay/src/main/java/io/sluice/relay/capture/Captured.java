package io.sluice.relay.capture;

/** Something that was captured from the binlog. */
public sealed interface Captured permits CapturedRows, StatementInsert {}
