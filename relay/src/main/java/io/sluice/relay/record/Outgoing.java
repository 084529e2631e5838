package io.sluice.relay.record;

import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.WorkItem.MarkFailed;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The record that is published for a row. */
public sealed interface Outgoing {

  ProducerRecord<byte[], byte[]> record();

  /** Bytes of the payload. */
  default int bytes() {
    byte[] payload = record().value();
    return payload == null ? 0 : payload.length;
  }

  /**
   * The event.
   *
   * @param completed the row to mark PUBLISHED; empty if the handlers of its domain mark it
   * @param quarantine creates the dead letter to publish instead if Kafka refuses the record
   */
  record Event(
      ProducerRecord<byte[], byte[]> record,
      Optional<Completed> completed,
      Function<Refusal, DeadLetter> quarantine)
      implements Outgoing {}

  /**
   * The dead letter of a row that cannot be published as an event.
   *
   * @param markFailed the work item for the row; empty if the row's id could not be read
   */
  record DeadLetter(ProducerRecord<byte[], byte[]> record, Optional<MarkFailed> markFailed)
      implements Outgoing {}
}
