package io.sluice.relay.group;

import java.util.Optional;
import java.util.Set;

/**
 * A relay of the group, by its own account.
 *
 * @param id given by Kafka, new at every start
 * @param instance its name, if it has one
 * @param generation the last of the group's assignments it heard of
 * @param claimed what it owned by that assignment
 */
record Member(String id, Optional<String> instance, int generation, Set<Integer> claimed) {

  Member {
    claimed = Set.copyOf(claimed);
  }

  /** Kept over a restart where there is a name. */
  String name() {
    return instance.orElse(id);
  }
}
