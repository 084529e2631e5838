package io.sluice.relay.publish;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a publisher failed with first, after which it must not publish. Thread-safe. */
final class FirstFailure {

  private volatile @Nullable Throwable cause;

  Optional<Throwable> cause() {
    return Optional.ofNullable(cause);
  }

  /** Refuses to go on after a failure. */
  void requireNone() {
    if (cause != null) {
      throw new IllegalStateException("this publisher has failed before and must be closed", cause);
    }
  }

  /** Notes a failure; only the first counts. */
  synchronized void note(Throwable failure) {
    if (cause == null) {
      cause = failure;
    }
  }
}
