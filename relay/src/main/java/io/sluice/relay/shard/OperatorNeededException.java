package io.sluice.relay.shard;

import org.jspecify.annotations.Nullable;

/** A failure that retrying cannot fix. The message contains the problem and its remedy. */
public final class OperatorNeededException extends RelayException {

  private static final long serialVersionUID = 1;

  private final String problem;
  private final String remedy;

  /**
   * @param problem the problem, with its names and values
   * @param remedy the action that the operator must take
   */
  public OperatorNeededException(String problem, String remedy) {
    this(problem, remedy, null);
  }

  public OperatorNeededException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem + ". To fix it: " + remedy, cause);
    this.problem = problem;
    this.remedy = remedy;
  }

  /** The problem, with its names and values. */
  public String problem() {
    return problem;
  }

  /** The action that the operator must take. */
  public String remedy() {
    return remedy;
  }
}
