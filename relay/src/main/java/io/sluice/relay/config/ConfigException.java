package io.sluice.relay.config;

import java.nio.file.Path;
import java.util.List;

/** The configuration is invalid; the message lists all problems. */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final List<String> problems;

  ConfigException(Path file, List<String> problems) {
    super(
        "configuration %s has %d problem(s):%n  - %s"
            .formatted(file, problems.size(), String.join("%n  - ".formatted(), problems)));
    this.problems = List.copyOf(problems);
  }

  /** All problems, each as {@code setting: what is wrong and what to do}. */
  public List<String> problems() {
    return problems;
  }
}
