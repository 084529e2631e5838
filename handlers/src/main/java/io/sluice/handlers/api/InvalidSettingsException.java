package io.sluice.handlers.api;

import java.util.List;

/** A runtime cannot be built. Contains all problems of its settings. */
public final class InvalidSettingsException extends HandlersException {

  private static final long serialVersionUID = 1;

  private final List<String> problems;

  /**
   * Created by {@link io.sluice.handlers.HandlerRuntimeBuilder#build}.
   *
   * @param problems one sentence each
   */
  public InvalidSettingsException(List<String> problems) {
    super(
        "the handler runtime cannot be built, %d problem(s):%n  - %s"
            .formatted(problems.size(), String.join("%n  - ".formatted(), problems)));
    this.problems = List.copyOf(problems);
  }

  /** One sentence a problem: setting, value, rule, remedy. */
  public List<String> problems() {
    return problems;
  }
}
