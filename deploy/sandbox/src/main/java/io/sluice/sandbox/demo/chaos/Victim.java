package io.sluice.sandbox.demo.chaos;

/** A process or server that is killed and started again. Its methods are called one at a time. */
public interface Victim {

  /** The name in the output of a run. */
  String name();

  /** Kills the victim (SIGKILL) and waits until it has ended. */
  void kill();

  /** Restarts the victim with its data. A server is ready when this returns. */
  void start();
}
