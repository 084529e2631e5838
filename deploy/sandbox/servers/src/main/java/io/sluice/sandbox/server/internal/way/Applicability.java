package io.sluice.sandbox.server.internal.way;

/** Whether a way to get a server applies on this machine. */
public sealed interface Applicability {
  /** The way applies. */
  record Applies() implements Applicability {}

  /** The way does not apply. The next one is tried. */
  record DoesNotApply(String reason) implements Applicability {}

  /** The configuration of the way is incomplete or wrong. No other way is tried. */
  record Misconfigured(String reason) implements Applicability {}
}
