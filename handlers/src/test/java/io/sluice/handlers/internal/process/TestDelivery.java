package io.sluice.handlers.internal.process;

/** A record whose partition can be taken away. */
final class TestDelivery implements Delivery {

  private boolean held = true;
  private boolean finished;

  void lose() {
    held = false;
  }

  boolean isFinished() {
    return finished;
  }

  @Override
  public boolean isHeld() {
    return held;
  }

  @Override
  public void finished() {
    finished = true;
  }
}
