package io.sluice.relay.group;

import java.util.Set;

/**
 * Is notified of the partitions that this relay owns. Calls do not overlap: {@link #acquired} and
 * {@link #lost} are made by the assignment's thread, {@link #released} by a thread for which the
 * assignment's thread waits. Exceptions are logged and change nothing.
 */
public interface OwnershipListener {

  /** This relay owns these partitions now. Must return at once: it blocks the assignment. */
  void acquired(Set<Integer> partitions);

  /**
   * These partitions are about to be assigned to other relays. Returns when this relay no longer
   * publishes for them, within 25 seconds; after 30 seconds they are revoked anyway.
   */
  void released(Set<Integer> partitions);

  /** Other relays may own these partitions already. Must return at once. */
  void lost(Set<Integer> partitions);
}
