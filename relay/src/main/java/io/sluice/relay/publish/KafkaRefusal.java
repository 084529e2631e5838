package io.sluice.relay.publish;

import io.sluice.relay.record.Refusal;
import io.sluice.relay.shard.OperatorNeededException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Detects failures of a producer that retrying cannot fix. */
final class KafkaRefusal {

  private KafkaRefusal() {}

  /** Why a single record was refused; empty if the failure concerns the producer or a topic. */
  static Optional<Refusal> ofRecord(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RecordTooLargeException
          || cause instanceof InvalidTimestampException
          || cause instanceof InvalidRecordException) {
        return Optional.of(
            new Refusal(
                "Kafka refuses the record: " + cause.getMessage(),
                cause instanceof RecordTooLargeException));
      }
    }
    return Optional.empty();
  }

  /**
   * The refusal of one of several records; empty if there is none. The first failure may only say
   * that another record of the same producer batch was refused.
   */
  static Optional<Exception> find(Exception failure, List<Future<RecordMetadata>> sent) {
    return Stream.concat(
            Stream.of(failure),
            sent.stream().filter(Future::isDone).flatMap(record -> failure(record).stream()))
        .filter(cause -> ofRecord(cause).isPresent())
        .findFirst();
  }

  /**
   * Finds the records that Kafka refuses, each by itself. If one record of a producer's batch is
   * refused, Kafka refuses the others too.
   *
   * @param sent the results of the records that were sent, in their order
   * @param attempt sends one record again, and returns why it is refused, if it is
   * @param failure the refusal of one of them
   */
  static RuntimeException among(
      List<ProducerRecord<byte[], byte[]>> records,
      List<Future<RecordMetadata>> sent,
      Function<ProducerRecord<byte[], byte[]>, Optional<Refusal>> attempt,
      Exception failure) {
    IdentityHashMap<ProducerRecord<byte[], byte[]>, Refusal> refused = new IdentityHashMap<>();
    for (int i = 0; i < Math.min(records.size(), sent.size()); i++) {
      ProducerRecord<byte[], byte[]> record = records.get(i);
      if (failure(sent.get(i)).flatMap(KafkaRefusal::ofRecord).isPresent()) {
        attempt.apply(record).ifPresent(reason -> refused.put(record, reason));
      }
    }
    OperatorNeededException cause = of(failure).orElseThrow();
    return refused.isEmpty() ? cause : new RefusedRecordsException(cause, refused);
  }

  private static Optional<Exception> failure(Future<RecordMetadata> sent) {
    try {
      sent.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  /** What an operator has to do; empty if retrying may help. */
  static Optional<OperatorNeededException> of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RecordTooLargeException) {
        return refusal(
            cause,
            "raise max.message.bytes of the domains' topics to topics.max-message-bytes of the"
                + " relay's configuration");
      }
      if (cause instanceof InvalidTimestampException) {
        return refusal(
            cause,
            "set message.timestamp.after.max.ms and message.timestamp.before.max.ms of the domains'"
                + " topics to 9223372036854775807, and make sure that services write"
                + " created_at in UTC");
      }
      if (cause instanceof InvalidRecordException) {
        return refusal(cause, "see which rules the topic has for its records");
      }
      if (cause instanceof InvalidTxnTimeoutException) {
        return refusal(
            cause,
            "set transaction.max.timeout.ms of the brokers to 900000, their default: a large event"
                + " to slow brokers needs long transactions");
      }
      if (cause instanceof AuthorizationException) {
        return refusal(
            cause,
            "let the relay write to its topics and use transactional ids that begin with its group");
      }
    }
    return Optional.empty();
  }

  private static Optional<OperatorNeededException> refusal(Throwable cause, String remedy) {
    return Optional.of(
        new OperatorNeededException(
            "Kafka refuses what is to be published: " + cause.getMessage(), remedy, cause));
  }
}
