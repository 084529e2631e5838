package io.sluice.outbox;

/**
 * Names of the Kafka record headers an event bears, all with UTF-8 text as value. The first four
 * are those of Debezium's outbox event router, so that consumers made for it go on working.
 */
public final class RecordHeaders {

  /** The event's id, the key for idempotent consumers. */
  public static final String ID = "id";

  /** What happened. */
  public static final String EVENT_TYPE = "eventType";

  /** The kind of thing it happened to. */
  public static final String AGGREGATE_TYPE = "aggregateType";

  /** The thing it happened to; the record's key too. */
  public static final String AGGREGATE_ID = "aggregateId";

  /** The domain's name, in upper case. */
  public static final String DOMAIN = "outbox-domain";

  /** The shard whose table holds the row: where a status is written back to. */
  public static final String SHARD = "outbox-shard";

  /** With how many failures of its handler the event is FAILED, in digits. */
  public static final String MAX_RETRIES = "outbox-max-retries";

  /** GTID of the row's transaction, a colon, and the row's ordinal among its outbox rows. */
  public static final String POSITION = "outbox-position";

  /** How often the event was redriven; set in the row's own headers by whoever redrives it. */
  public static final String REDRIVE = "outbox-redrive";

  /** Why an event is read from its table and not from the binary log; absent where it was not. */
  public static final String REPLAY = "outbox-replay";

  /** On a dead letter: why the event is one. */
  public static final String ERROR = "outbox-error";

  /** On a dead letter: how often handlers have failed with the event, in digits. */
  public static final String ATTEMPTS = "outbox-attempts";

  /** On a dead letter without the event's payload: the payload's SHA-256, in hexadecimal. */
  public static final String PAYLOAD_SHA256 = "outbox-payload-sha256";

  private RecordHeaders() {}

  /** Whether an event's own header of this name would hide one that Sluice sets. */
  public static boolean isReserved(String name) {
    return switch (name) {
      case ID, EVENT_TYPE, AGGREGATE_TYPE, AGGREGATE_ID -> true;
      case REDRIVE -> false;
      default -> name.startsWith("outbox-");
    };
  }
}
