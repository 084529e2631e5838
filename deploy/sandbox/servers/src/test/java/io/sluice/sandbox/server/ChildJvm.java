package io.sluice.sandbox.server;

import io.sluice.sandbox.server.process.Await;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Another JVM with the class path of this JVM and a given temporary folder. */
public record ChildJvm(Process process, Path output) implements AutoCloseable {
  private static final Duration BOUND = Duration.ofMinutes(3);

  public static ChildJvm start(Path temporary, Class<?> main, Map<String, String> environment) {
    return start(List.of(), temporary, main, environment);
  }

  /** Starts the JVM through a command such as {@code nice}, whose words precede the program. */
  public static ChildJvm start(
      List<String> before, Path temporary, Class<?> main, Map<String, String> environment) {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            temporary.toString()));
    try {
      Path output = Files.createTempFile("child", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      return new ChildJvm(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits for a line that begins with this text.
   *
   * @return the rest of the first such line
   */
  public String awaitLine(String start) {
    if (!Await.until(BOUND, () -> line(start).isPresent() || !process.isAlive())) {
      throw new AssertionError("no line '" + start + "' in " + BOUND + ":\n" + text());
    }
    return line(start)
        .orElseThrow(() -> new AssertionError("it ended without '" + start + "':\n" + text()));
  }

  /** The output so far. */
  public String text() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills the JVM and deletes its output. */
  @Override
  public void close() {
    process.destroyForcibly();
    File file = output.toFile();
    if (!file.delete()) {
      throw new AssertionError(file + " could not be removed");
    }
  }

  private Optional<String> line(String start) {
    try (Stream<String> lines = text().lines()) {
      return lines
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(start.length()))
          .findFirst();
    }
  }
}
