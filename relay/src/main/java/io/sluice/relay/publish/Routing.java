package io.sluice.relay.publish;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.TransientException;
import java.util.Set;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Maps events to topics and records. All shards of a relay share it. Thread-safe.
 *
 * @param topics maps events to topic names
 * @param records creates the records of events
 * @param deadLetters creates dead letters
 * @param keeper creates topics and reads their limits
 */
public record Routing(
    TopicDirectory topics,
    RecordFactory records,
    DeadLetterFactory deadLetters,
    TopicKeeper keeper) {

  /** Creates a routing for these topics. */
  public static Routing of(TopicDirectory topics, RecordFormat format, TopicKeeper keeper) {
    RecordLimits limits = new RecordLimits(topics, keeper);
    RecordFactory records = new RecordFactory(topics, limits, format);
    return new Routing(topics, records, new DeadLetterFactory(topics, limits, records), keeper);
  }

  /**
   * Classifies a permanent failure to publish. If the limit of a topic was lowered since it was
   * read, a retry helps, because it quarantines events above the new limit. Otherwise a retry would
   * fail in the same way.
   *
   * @param sent topics of the records
   */
  public RelayException judge(OperatorNeededException refusal, Set<String> sent) {
    if (!(RootCause.of(refusal) instanceof RecordTooLargeException)) {
      return refusal;
    }
    return keeper
        .lessThanKnown(sent)
        .<RelayException>map(
            change ->
                new TransientException(
                    "Kafka rejected a record as too large, and %s; retrying with that limit"
                        .formatted(change),
                    refusal))
        .orElse(refusal);
  }
}
