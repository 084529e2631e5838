package io.sluice.relay.group;

import java.util.Optional;

/**
 * What one partition of the positions topic is in the balance between relays.
 *
 * @param weight how much of a relay it takes, compared with the others; not negative
 * @param pinnedTo the instance name of the relay that has it while that relay is there
 */
public record Share(int weight, Optional<String> pinnedTo) {

  public Share {
    if (weight < 0) {
      throw new IllegalArgumentException("a share's weight must not be negative: " + weight);
    }
  }

  /** A share any relay may have. */
  public static Share of(int weight) {
    return new Share(weight, Optional.empty());
  }

  /** A share of the relay of that name, and of any other only while that one is away. */
  public static Share pinned(int weight, String instance) {
    return new Share(weight, Optional.of(instance));
  }
}
