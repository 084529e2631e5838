package io.sluice.relay;

import io.sluice.relay.group.AssignmentSettings;
import io.sluice.relay.group.OwnershipListener;
import io.sluice.relay.group.ShardAssignment;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.supervise.ShardFleet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The membership of this relay in its group: none before {@link #join}, and none after {@link
 * #close}, which may come first. Thread-safe.
 */
final class GroupMembership implements ShardFleet.Membership, AutoCloseable {

  private final AssignmentSettings settings;
  private volatile @Nullable ShardAssignment assignment;
  private boolean closed; // guarded by this

  GroupMembership(AssignmentSettings settings) {
    this.settings = settings;
  }

  /** Starts to join the group, unless the membership is closed. */
  synchronized void join(ShardFleet fleet) {
    if (!closed) {
      assignment = ShardAssignment.start(settings, new FleetListener(fleet));
    }
  }

  boolean hasJoined() {
    return assignment != null;
  }

  /** Whether this relay has the duties that only one relay of the group may have. */
  boolean isCoordinator() {
    ShardAssignment joined = assignment;
    return joined != null && joined.isCoordinator();
  }

  @Override
  public boolean owns(int partition) {
    ShardAssignment joined = assignment;
    return joined != null && joined.owns(partition);
  }

  @Override
  public void report(int partition, String state) {
    ShardAssignment joined = assignment;
    if (joined != null) {
      joined.report(partition, state);
    }
  }

  /** Why this relay can no longer be a member; empty if it can. */
  Optional<RelayException> failure() {
    ShardAssignment joined = assignment;
    return joined == null ? Optional.empty() : Optional.ofNullable(joined.failure().getNow(null));
  }

  private synchronized @Nullable ShardAssignment end() {
    closed = true;
    return assignment;
  }

  /** Releases all shards and leaves the group, within 45 seconds. */
  @Override
  public void close() {
    ShardAssignment joined = end();
    if (joined != null) {
      joined.close();
    }
  }

  private record FleetListener(ShardFleet fleet) implements OwnershipListener {

    @Override
    public void acquired(Set<Integer> partitions) {
      fleet.acquire(partitions);
    }

    @Override
    public void released(Set<Integer> partitions) {
      fleet.release(partitions);
    }

    @Override
    public void lost(Set<Integer> partitions) {
      fleet.lose(partitions);
    }
  }
}
