package io.sluice.relay.publish;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.TransientException;
import java.util.Set;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Everything that decides where events go, the same for all sources of a relay. Thread-safe.
 *
 * @param topics which topic an event goes to
 * @param records makes events' records
 * @param deadLetters makes records of what is no event
 * @param keeper sees that topics exist
 */
public record Routing(
    TopicDirectory topics,
    RecordFactory records,
    DeadLetterFactory deadLetters,
    TopicKeeper keeper) {

  /** The usual makers for these topics. */
  public static Routing of(TopicDirectory topics, RecordFormat format, TopicKeeper keeper) {
    RecordLimits limits = new RecordLimits(topics, keeper);
    RecordFactory records = new RecordFactory(topics, limits, format);
    return new Routing(topics, records, new DeadLetterFactory(topics, limits, records), keeper);
  }

  /**
   * What to make of Kafka's refusal to take records: where a topic takes less than when it was
   * looked at, another try knows that, and sets aside what is too large. Where nothing has changed
   * another try would end the same.
   *
   * @param sent to which the records were
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
                    "Kafka refused what was too large, and %s; to be tried with that"
                        .formatted(change),
                    refusal))
        .orElse(refusal);
  }
}
