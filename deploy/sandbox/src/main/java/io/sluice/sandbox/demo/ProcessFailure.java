package io.sluice.sandbox.demo;

import io.sluice.sandbox.server.process.GuardedProcess;
import java.util.Optional;

/** Describes how a process ended. */
final class ProcessFailure {

  private ProcessFailure() {}

  /**
   * Describes how a process failed, in one sentence.
   *
   * @return empty if the process still runs or ended with status 0
   */
  static Optional<String> of(GuardedProcess process) {
    return process.isAlive() || process.status() == 0
        ? Optional.empty()
        : Optional.of(
            "%s ended with status %d. %s"
                .formatted(process.name(), process.status(), process.logTail()));
  }
}
