package io.sluice.sandbox.demo;

import io.sluice.sandbox.server.process.GuardedProcess;
import java.util.Optional;

/** Says what a process has ended with. */
final class ProcessFailure {

  private ProcessFailure() {}

  /** In words, unless the process still runs or has ended well. */
  static Optional<String> of(GuardedProcess process) {
    return process.isAlive() || process.status() == 0
        ? Optional.empty()
        : Optional.of(
            "%s ended with status %d. %s"
                .formatted(process.name(), process.status(), process.logTail()));
  }
}
