package io.sluice.sandbox.server.process;

/**
 * Refuses control of a server that was started elsewhere and may have other users.
 *
 * @param reason the end of the error message: who started the server and what to do instead
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
    // The owner ends it.
  }

  private UnsupportedOperationException refusal(String action) {
    return new UnsupportedOperationException(
        "This server cannot be " + action + ": " + reason + ".");
  }
}
