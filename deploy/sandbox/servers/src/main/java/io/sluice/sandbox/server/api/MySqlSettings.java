package io.sluice.sandbox.server.api;

import java.util.List;

/**
 * Settings of a MySQL server. The default has a binary log in row format with full images and
 * global transaction ids, and loses no committed transaction when it is killed.
 *
 * @param arguments further arguments of {@code mysqld}, given last, so that they override the
 *     defaults
 */
public record MySqlSettings(List<String> arguments) {
  /** The default server. */
  public static final MySqlSettings DEFAULT = new MySqlSettings(List.of());

  public MySqlSettings {
    arguments = List.copyOf(arguments);
    for (String argument : arguments) {
      if (!argument.startsWith("--")) {
        throw new IllegalArgumentException(
            "mysqld argument '"
                + argument
                + "' must start with --, for example --max-connections=9");
      }
    }
  }

  /** Creates settings with further arguments. */
  public static MySqlSettings withArguments(String... arguments) {
    return new MySqlSettings(List.of(arguments));
  }
}
