package io.sluice.bench.events;

/**
 * How rows are inserted. The costs of reading them differ by row, by statement and by transaction.
 *
 * @param rowsPerStatement how many rows a statement inserts
 * @param rowsPerTransaction how many rows a transaction inserts
 * @param payloadBytes bytes of each payload
 */
public record Shape(int rowsPerStatement, int rowsPerTransaction, int payloadBytes) {

  /** With it, a row has about 280 bytes. */
  public static final int USUAL_PAYLOAD = 132;

  /** A row and its payload of the usual size. */
  public static Shape of(int rowsPerStatement, int rowsPerTransaction) {
    return new Shape(rowsPerStatement, rowsPerTransaction, USUAL_PAYLOAD);
  }

  /** The payload of each row. */
  String payload() {
    return "{\"text\":\"" + "x".repeat(payloadBytes - 11) + "\"}";
  }
}
