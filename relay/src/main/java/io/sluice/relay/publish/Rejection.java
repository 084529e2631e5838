package io.sluice.relay.publish;

/**
 * Why an event is set aside.
 *
 * @param reason what is wrong with it
 * @param attempts how often its handlers have failed with it before, by its row
 */
public record Rejection(String reason, int attempts) {

  /** Of a row as it was inserted: nobody has had it yet. */
  public static Rejection ofNew(String reason) {
    return new Rejection(reason, 0);
  }
}
