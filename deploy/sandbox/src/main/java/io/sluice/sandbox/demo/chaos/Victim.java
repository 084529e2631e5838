package io.sluice.sandbox.demo.chaos;

/** Something that is killed and started again. Its methods are called one at a time. */
public interface Victim {

  /** What it is called in a run's output. */
  String name();

  /** Kills it (SIGKILL) and waits until it is gone. */
  void kill();

  /** Starts it again, with what it had stored. A server is ready when this returns. */
  void start();
}
