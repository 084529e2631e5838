package io.sluice.handlers.internal.flow;

/** A record's place in a partition that can be taken away. */
final class TestPlace implements Place {

  private boolean held = true;
  private boolean finished;
  private boolean putOff;

  void lose() {
    held = false;
  }

  boolean isPutOff() {
    return putOff;
  }

  boolean isFinished() {
    return finished;
  }

  @Override
  public boolean isHeld() {
    return held;
  }

  @Override
  public void putOff(PutOffReason reason) {
    held = false;
    putOff = true;
  }

  @Override
  public void finished() {
    finished = true;
  }
}
