package io.sluice.relay.publish;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** First failure of a publisher, which must not publish after it. Thread-safe. */
final class FirstFailure {

  private volatile @Nullable Throwable cause;

  Optional<Throwable> cause() {
    return Optional.ofNullable(cause);
  }

  /** Throws an exception if a failure was recorded. */
  void requireNone() {
    if (cause != null) {
      throw new IllegalStateException("this publisher has failed before and must be closed", cause);
    }
  }

  /** Records a failure if it is the first. */
  synchronized void record(Throwable failure) {
    if (cause == null) {
      cause = failure;
    }
  }
}
