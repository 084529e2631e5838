package io.sluice.relay.group;

import java.util.Set;

/**
 * Is told what this relay owns. One call at a time: {@link #acquired} and {@link #lost} by the
 * assignment's thread, {@link #released} by one for which that waits. What it throws is logged and
 * changes nothing.
 */
public interface OwnershipListener {

  /** These are this relay's now. Must return at once: while it works, nothing else is heard of. */
  void acquired(Set<Integer> partitions);

  /**
   * Others are to have these. Returns when this relay no longer publishes for them, within {@code
   * 25} seconds; after {@code 30} they are given away all the same.
   */
  void released(Set<Integer> partitions);

  /** Others may have these already. Must return at once. */
  void lost(Set<Integer> partitions);
}
