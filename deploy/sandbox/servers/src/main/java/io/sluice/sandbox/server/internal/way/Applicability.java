package io.sluice.sandbox.server.internal.way;

/** Whether a way to get a server applies on this machine. */
public sealed interface Applicability {
  /** It applies. */
  record Applies() implements Applicability {}

  /** It does not apply. The next way is tried. */
  record DoesNotApply(String reason) implements Applicability {}

  /** Its configuration is incomplete or wrong. No other way is tried. */
  record Misconfigured(String reason) implements Applicability {}
}
