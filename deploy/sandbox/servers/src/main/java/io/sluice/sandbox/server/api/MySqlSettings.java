package io.sluice.sandbox.server.api;

import java.util.List;
import java.util.Map;

/**
 * Settings of a MySQL server. The default has a binary log in row format with full images and
 * global transaction ids, and loses no committed transaction when it is killed.
 *
 * @param arguments further arguments of {@code mysqld}, given last, so that they override the
 *     defaults
 * @param environment environment variables of {@code mysqld}, such as {@code TZ}
 */
public record MySqlSettings(List<String> arguments, Map<String, String> environment) {
  /** The default server. */
  public static final MySqlSettings DEFAULT = new MySqlSettings(List.of(), Map.of());

  public MySqlSettings {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
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
    return new MySqlSettings(List.of(arguments), Map.of());
  }

  /** Creates settings for a server in a time zone, in the form of the variable {@code TZ}. */
  public static MySqlSettings inTimeZone(String zone) {
    return new MySqlSettings(List.of(), Map.of("TZ", zone));
  }
}
