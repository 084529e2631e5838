package io.sluice.relay.publish;

/**
 * Why an event cannot be published.
 *
 * @param reason the reason
 * @param attempts number of failed attempts of its handlers, according to its row
 */
public record Rejection(String reason, int attempts) {

  /** Creates a rejection of a new row, which no handler has processed. */
  public static Rejection ofNew(String reason) {
    return new Rejection(reason, 0);
  }
}
