package io.sluice.sandbox.server.api;

import java.util.List;

/**
 * How a MySQL server of the sandbox differs from the default one, which has its binary log on in
 * row format with full images, global transaction ids on, and loses no committed transaction when
 * killed.
 *
 * @param arguments further arguments of {@code mysqld}, given last, so that they win
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

  /** A server with these further arguments. */
  public static MySqlSettings withArguments(String... arguments) {
    return new MySqlSettings(List.of(arguments));
  }
}
