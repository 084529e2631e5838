package io.sluice.relay.config;

import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong with a configuration, so that it is reported at once. */
final class Problems {

  private final List<String> found = new ArrayList<>();

  /**
   * Notes a problem.
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
