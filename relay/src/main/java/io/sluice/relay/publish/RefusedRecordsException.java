package io.sluice.relay.publish;

import io.sluice.relay.record.Outgoing;
import io.sluice.relay.record.Refusal;
import io.sluice.relay.shard.OperatorNeededException;
import java.util.IdentityHashMap;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Kafka refuses some records of a publication for reasons of their own. With exactly-once delivery
 * nothing of it is readable. The publisher can be used again.
 */
public final class RefusedRecordsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final OperatorNeededException refusal;

  /** By identity: equal records can belong to different rows. */
  private final transient IdentityHashMap<ProducerRecord<byte[], byte[]>, Refusal> refused;

  RefusedRecordsException(
      OperatorNeededException refusal,
      IdentityHashMap<ProducerRecord<byte[], byte[]>, Refusal> refused) {
    super(refusal);
    this.refusal = refusal;
    this.refused = refused;
  }

  /** The failure if the records cannot be replaced. */
  public OperatorNeededException refusal() {
    return refusal;
  }

  /**
   * The row to publish instead of this one.
   *
   * @throws OperatorNeededException if its record is refused, and is a dead letter or belongs to a
   *     domain whose policy is to stop
   */
  public Outgoing replace(Outgoing row) {
    Optional<Refusal> reason = Optional.ofNullable(refused.get(row.record()));
    if (reason.isEmpty()) {
      return row;
    }
    if (row instanceof Outgoing.Event event) {
      return event.quarantine().apply(reason.get());
    }
    throw refusal;
  }
}
