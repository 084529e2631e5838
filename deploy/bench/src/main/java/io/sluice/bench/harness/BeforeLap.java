package io.sluice.bench.harness;

/** Makes the servers as they were before the first lap, so that no lap is easier than another. */
public interface BeforeLap {
  void run() throws Exception;
}
