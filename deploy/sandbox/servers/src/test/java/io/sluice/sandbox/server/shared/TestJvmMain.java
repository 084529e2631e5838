package io.sluice.sandbox.server.shared;

/** Stands for a test JVM: says which servers it was given, or why none. */
public final class TestJvmMain {
  private TestJvmMain() {}

  public static void main(String[] arguments) {
    SharedServers.get();
  }
}
