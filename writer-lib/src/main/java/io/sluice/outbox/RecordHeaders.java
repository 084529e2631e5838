package io.sluice.outbox;

/**
 * Names of the Kafka record headers of an event. All values are UTF-8 text. The first four have the
 * names that Debezium's outbox event router uses, so that its consumers keep working.
 */
public final class RecordHeaders {

  /** Id of the event, the key for idempotent consumers. */
  public static final String ID = "id";

  /** Type of the event. */
  public static final String EVENT_TYPE = "eventType";

  /** Type of the aggregate. */
  public static final String AGGREGATE_TYPE = "aggregateType";

  /** Id of the aggregate; also the key of the record. */
  public static final String AGGREGATE_ID = "aggregateId";

  /** Name of the domain, in upper case. */
  public static final String DOMAIN = "outbox-domain";

  /** The shard whose table contains the row. The status is written back to it. */
  public static final String SHARD = "outbox-shard";

  /** Number of failed attempts that make the event FAILED, in digits. */
  public static final String MAX_RETRIES = "outbox-max-retries";

  /** When the event was created, ISO 8601 in UTC. The record's timestamp may be later. */
  public static final String CREATED_AT = "outbox-created-at";

  /** GTID of the transaction, a colon, and the row's ordinal among its outbox rows. */
  public static final String POSITION = "outbox-position";

  /** Number of redrives; a redrive sets it in the headers of the row. */
  public static final String REDRIVE = "outbox-redrive";

  /** Why the event was read from the table instead of the binlog; otherwise absent. */
  public static final String REPLAY = "outbox-replay";

  /** On a dead letter: the reason. */
  public static final String ERROR = "outbox-error";

  /** On a dead letter: number of failed attempts, in digits. */
  public static final String ATTEMPTS = "outbox-attempts";

  /** On a dead letter without the payload: the payload's SHA-256, in hexadecimal. */
  public static final String PAYLOAD_SHA256 = "outbox-payload-sha256";

  private RecordHeaders() {}

  /** Whether Sluice sets a header of this name, so that an event must not have it. */
  public static boolean isReserved(String name) {
    return switch (name) {
      case ID, EVENT_TYPE, AGGREGATE_TYPE, AGGREGATE_ID -> true;
      case REDRIVE -> false;
      default -> name.startsWith("outbox-");
    };
  }
}
