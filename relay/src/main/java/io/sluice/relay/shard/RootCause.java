package io.sluice.relay.shard;

/** Finds what a failure began with; what stands above it is often only that something failed. */
public final class RootCause {

  private RootCause() {}

  /** The last in the chain of causes; the failure itself if it has none. */
  public static Throwable of(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
