package io.sluice.relay.shard;

/**
 * Text that must not appear in output.
 *
 * @param value the text itself
 */
public record Secret(String value) {

  @Override
  public String toString() {
    return "***";
  }
}
