package io.sluice.sandbox.server.internal.way;

/** Whether a way to get a server can be gone on this machine. */
public sealed interface Applicability {
  /** It can. */
  record Applies() implements Applicability {}

  /** It cannot, which is no mistake: the next way is asked. */
  record DoesNotApply(String reason) implements Applicability {}

  /** It was asked for in part or wrongly: nothing is chosen in its place. */
  record Misconfigured(String reason) implements Applicability {}
}
