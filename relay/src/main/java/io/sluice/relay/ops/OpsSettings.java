package io.sluice.relay.ops;

/**
 * Where a relay is to be seen from outside.
 *
 * @param isEnabled whether it is at all
 * @param host name or address it listens on; the loopback one keeps it to its own machine
 * @param port it listens on; 0 for any that is free
 */
public record OpsSettings(boolean isEnabled, String host, int port) {

  /** Seen from its own machine alone. */
  public static final OpsSettings DEFAULT = new OpsSettings(true, "127.0.0.1", 7584);
}
