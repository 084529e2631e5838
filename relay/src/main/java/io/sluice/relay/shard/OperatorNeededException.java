package io.sluice.relay.shard;

import org.jspecify.annotations.Nullable;

/** Something that trying again cannot mend. The message says what to do. */
public final class OperatorNeededException extends RelayException {

  private static final long serialVersionUID = 1;

  private final String problem;
  private final String remedy;

  /**
   * @param problem what is wrong, with its names and values
   * @param remedy what the operator must do
   */
  public OperatorNeededException(String problem, String remedy) {
    this(problem, remedy, null);
  }

  public OperatorNeededException(String problem, String remedy, @Nullable Throwable cause) {
    super(problem + ". To mend it: " + remedy, cause);
    this.problem = problem;
    this.remedy = remedy;
  }

  /** What is wrong. */
  public String problem() {
    return problem;
  }

  /** What the operator must do. */
  public String remedy() {
    return remedy;
  }
}
