package io.sluice.relay.config;

import java.util.ArrayList;
import java.util.List;

/** Collects the problems of a configuration, so that all are reported together. */
final class Problems {

  private final List<String> found = new ArrayList<>();

  /**
   * Adds a problem.
   *
   * @param setting its full name in the file
   * @param problem what is wrong and what to do
   */
  void add(String setting, String problem) {
    found.add(setting + ": " + problem);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<String> all() {
    return List.copyOf(found);
  }
}
