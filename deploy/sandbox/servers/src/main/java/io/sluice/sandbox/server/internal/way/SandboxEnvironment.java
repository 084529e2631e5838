package io.sluice.sandbox.server.internal.way;

import io.sluice.sandbox.server.process.CachedFolder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The environment variables of the sandbox. Only this class reads the environment.
 *
 * @param variables all variables of the process
 */
public record SandboxEnvironment(Map<String, String> variables) {
  public static final String MYSQL_WAY = "SLUICE_SANDBOX_MYSQL";
  public static final String MYSQL_URL = "SLUICE_SANDBOX_MYSQL_URL";
  public static final String MYSQL_USER = "SLUICE_SANDBOX_MYSQL_USER";
  public static final String MYSQL_PASSWORD = "SLUICE_SANDBOX_MYSQL_PASSWORD";
  public static final String KAFKA_WAY = "SLUICE_SANDBOX_KAFKA";
  public static final String KAFKA_BOOTSTRAP = "SLUICE_SANDBOX_KAFKA_BOOTSTRAP";

  public SandboxEnvironment {
    variables = Map.copyOf(variables);
  }

  /** The environment of this process. */
  public static SandboxEnvironment ofThisProcess() {
    return new SandboxEnvironment(System.getenv());
  }

  /** The value of a variable; empty if it is not set or blank. */
  public Optional<String> value(String variable) {
    return Optional.ofNullable(variables.get(variable))
        .map(String::strip)
        .filter(v -> !v.isEmpty());
  }

  /** The first executable of that name on the search path. */
  public Optional<Path> executable(String name) {
    return Arrays.stream(value("PATH").orElse("").split(File.pathSeparator, -1))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** A folder that later runs reuse, below the user's cache folder as XDG defines it. */
  public CachedFolder cached(String name) {
    return new CachedFolder(cacheFolder().resolve(name));
  }

  private Path cacheFolder() {
    Path cache =
        value("XDG_CACHE_HOME")
            .map(Path::of)
            .filter(Path::isAbsolute)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
    return cache.resolve("sluice-sandbox");
  }
}
