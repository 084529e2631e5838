package io.sluice.relay.preflight;

/**
 * A problem that a check has found.
 *
 * @param severity whether the shard can be relayed
 * @param problem description of the problem, with the actual values
 * @param remedy action for the operator
 */
public record Finding(Severity severity, String problem, String remedy) {

  /** The severity of a finding. */
  public enum Severity {
    /** The shard is not relayed until the problem is fixed. */
    ERROR,
    /** The shard is relayed, but a guarantee is weaker or a feature does not work. */
    WARNING
  }

  public static Finding error(String problem, String remedy) {
    return new Finding(Severity.ERROR, problem, remedy);
  }

  public static Finding warning(String problem, String remedy) {
    return new Finding(Severity.WARNING, problem, remedy);
  }

  @Override
  public String toString() {
    return problem + ": " + remedy;
  }
}
