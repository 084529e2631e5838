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

/** Another JVM with this one's class path, whose temporary folder is the one given. */
public record ChildJvm(Process process, Path output) implements AutoCloseable {
  private static final Duration BOUND = Duration.ofMinutes(3);

  public static ChildJvm start(Path temporary, Class<?> main, Map<String, String> environment) {
    return start(List.of(), temporary, main, environment);
  }

  /** Starts it behind words that come before the program, such as {@code nice}. */
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

  /** The rest of the first line that begins so, once it is there. */
  public String awaitLine(String start) {
    if (!Await.until(BOUND, () -> line(start).isPresent() || !process.isAlive())) {
      throw new AssertionError("no line '" + start + "' in " + BOUND + ":\n" + text());
    }
    return line(start)
        .orElseThrow(() -> new AssertionError("it ended without '" + start + "':\n" + text()));
  }

  /** All it wrote. */
  public String text() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it and whatever is left of its output. */
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
