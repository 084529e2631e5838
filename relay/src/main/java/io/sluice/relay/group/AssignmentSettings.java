package io.sluice.relay.group;

import io.sluice.relay.kafka.KafkaSettings;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * How a relay takes part in the assignment of shards.
 *
 * @param kafka how Kafka is reached
 * @param group the consumer group of the relays
 * @param topic the topic whose partitions stand for shards
 * @param instance the relay's own name, if it has one: it keeps its shards when it is back within
 *     the session timeout, and shards can be pinned to it; no two relays may bear the same
 * @param plan what is to be owned; asked by the thread of the assignment whenever this relay
 *     happens to be the one that assigns
 */
public record AssignmentSettings(
    KafkaSettings kafka,
    String group,
    String topic,
    Optional<String> instance,
    Supplier<AssignmentPlan> plan) {

  /** What Kafka takes as {@code group.instance.id}, a little shorter. */
  private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}");

  public AssignmentSettings {
    if (instance.isPresent() && !INSTANCE.matcher(instance.get()).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no instance name: 1 to 200 letters, digits, '.', '_' and '-', no '.' first"
              .formatted(instance.get()));
    }
  }
}
