package io.sluice.sandbox.server.internal.docker;

import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/** Leaves waiting to {@link GuardedContainer}, which does it the same way after a restart. */
final class NoWait extends AbstractWaitStrategy {
  @Override
  protected void waitUntilReady() {
    // Nothing to wait for here.
  }
}
