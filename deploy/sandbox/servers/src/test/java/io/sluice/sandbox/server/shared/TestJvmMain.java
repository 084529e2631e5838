package io.sluice.sandbox.server.shared;

/** Replaces a test JVM: prints which servers it received, or why it received none. */
public final class TestJvmMain {
  private TestJvmMain() {}

  public static void main(String[] arguments) {
    SharedServers.get();
  }
}
