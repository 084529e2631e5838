package io.sluice.sandbox.server.process;

/**
 * No power over a server, because others started it and may be using it.
 *
 * @param reason who started it and what to do instead, as the end of a sentence
 */
public record ForeignControl(String reason) implements ServerControl {
  @Override
  public boolean isOurs() {
    return false;
  }

  @Override
  public void stop() {
    throw refusal("stopped");
  }

  @Override
  public void kill() {
    throw refusal("killed");
  }

  @Override
  public void restart() {
    throw refusal("restarted");
  }

  @Override
  public void close() {
    // Others started it, others end it.
  }

  private UnsupportedOperationException refusal(String action) {
    return new UnsupportedOperationException(
        "This server cannot be " + action + ": " + reason + ".");
  }
}
