package io.sluice.handlers.internal.consume;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;

/** The partitions that are assigned to a consumer. Owned by the consumer's thread. */
final class Partitions {

  private final Map<TopicPartition, Partition> held = new HashMap<>();

  Partition get(TopicPartition name) {
    return held.computeIfAbsent(name, Partition::new);
  }

  /** Replaces a partition by one of which no record was read. */
  Partition renew(Partition old) {
    giveUp(List.of(old));
    return get(old.name());
  }

  Collection<Partition> all() {
    return List.copyOf(held.values());
  }

  List<Partition> of(Collection<TopicPartition> names) {
    return names.stream().map(held::get).filter(Objects::nonNull).toList();
  }

  void giveUp(Collection<Partition> leaving) {
    for (Partition partition : leaving) {
      partition.giveUp();
      held.remove(partition.name());
    }
  }
}
