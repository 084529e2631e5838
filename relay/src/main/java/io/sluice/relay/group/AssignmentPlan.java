package io.sluice.relay.group;

import java.util.Map;

/**
 * Which partitions are to be owned. A partition that is not mentioned is given to nobody, except
 * partition 0: its owner coordinates the group's provisioning, so somebody always has it.
 *
 * @param shares by partition
 */
public record AssignmentPlan(Map<Integer, Share> shares) {

  /** Its owner is the group's coordinator. */
  public static final int COORDINATOR_PARTITION = 0;

  public AssignmentPlan {
    shares = Map.copyOf(shares);
  }
}
