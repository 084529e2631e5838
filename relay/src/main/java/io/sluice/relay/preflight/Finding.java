package io.sluice.relay.preflight;

/**
 * Something a check found.
 *
 * @param severity what it means
 * @param problem what is wrong, with its values
 * @param remedy what to do
 */
public record Finding(Severity severity, String problem, String remedy) {

  /** What a finding means. */
  public enum Severity {
    /** The shard is not relayed until it is mended. */
    ERROR,
    /** Relayed, but something is weaker than it could be, or does not work. */
    WARNING
  }

  static Finding error(String problem, String remedy) {
    return new Finding(Severity.ERROR, problem, remedy);
  }

  static Finding warning(String problem, String remedy) {
    return new Finding(Severity.WARNING, problem, remedy);
  }

  @Override
  public String toString() {
    return problem + ": " + remedy;
  }
}
