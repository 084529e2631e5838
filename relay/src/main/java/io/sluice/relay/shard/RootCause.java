package io.sluice.relay.shard;

/**
 * Finds the root cause of an exception. The exceptions above it often say only that something
 * failed.
 */
public final class RootCause {

  private RootCause() {}

  /**
   * Returns the last exception in the chain of causes.
   *
   * @return the root cause; the failure itself if it has no cause
   */
  public static Throwable of(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
