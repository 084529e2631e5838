package io.sluice.relay.ops;

/**
 * The HTTP endpoint of probes and metrics.
 *
 * @param isEnabled whether there is one
 * @param host name or address to listen on
 * @param port to listen on; 0 for any free port
 */
public record OpsSettings(boolean isEnabled, String host, int port) {

  /** An endpoint on the loopback address. */
  public static final OpsSettings DEFAULT = new OpsSettings(true, "127.0.0.1", 7584);
}
