package io.sluice.handlers.api;

import java.util.List;

/** A runtime cannot be built because its settings are invalid. Contains all problems. */
public final class InvalidSettingsException extends HandlersException {

  private static final long serialVersionUID = 1;

  private final List<String> problems;

  /**
   * Created by {@link io.sluice.handlers.HandlerRuntimeBuilder#build}.
   *
   * @param problems the problems, one sentence each
   */
  public InvalidSettingsException(List<String> problems) {
    super(
        "the handler runtime cannot be built, %d problem(s):%n  - %s"
            .formatted(problems.size(), String.join("%n  - ".formatted(), problems)));
    this.problems = List.copyOf(problems);
  }

  /** The problems, one sentence each, with setting, value, rule and fix. */
  public List<String> problems() {
    return problems;
  }
}
