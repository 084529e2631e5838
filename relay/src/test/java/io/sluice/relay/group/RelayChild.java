package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.sandbox.server.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A relay in a separate process, to be killed or frozen. It prints what it owns. */
final class RelayChild implements AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(40);

  private static final Duration FROZEN = Duration.ofSeconds(4);

  private final Process process;
  private final Path output;

  private RelayChild(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static RelayChild start(Path folder, String bootstrapServers, String topic, int partitions)
      throws IOException {
    Path output = Files.createTempFile(folder, "relay", ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RelayChild.class.getName(),
                bootstrapServers,
                topic,
                Integer.toString(partitions))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new RelayChild(process, output);
  }

  /** The child: polls what it owns, and prints it after each change and after a thaw. */
  public static void main(String[] args) {
    int partitions = Integer.parseInt(args[2]);
    ShardAssignment assignment =
        new ShardAssignment(TestRelay.settings(args[0], args[1], Optional.empty()));
    assignment.start(new Printer());
    Set<Integer> owned = Set.of();
    long last = System.nanoTime();
    while (assignment.failure().getNow(null) == null) {
      boolean thawed = System.nanoTime() - last > FROZEN.toNanos();
      last = System.nanoTime();
      Set<Integer> now = owned(assignment, partitions);
      if (thawed || !now.equals(owned)) {
        System.out.println("owns " + now);
        owned = now;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private static Set<Integer> owned(ShardAssignment assignment, int partitions) {
    return IntStream.range(0, partitions)
        .filter(assignment::owns)
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The lines that it has printed, without its logs. */
  List<String> printed() {
    try {
      return Files.readAllLines(output).stream()
          .filter(line -> line.matches("(owns|acquired|released|lost) \\[.*"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits for a line.
   *
   * @param pattern of the line
   * @param after how many lines to skip
   * @return the first such line
   */
  String awaitLine(String pattern, int after) {
    assertTrue(
        Await.until(BOUND, () -> find(pattern, after).isPresent()),
        () -> "'%s' not among %s".formatted(pattern, printed()));
    return find(pattern, after).orElseThrow();
  }

  private Optional<String> find(String pattern, int after) {
    return printed().stream().skip(after).filter(line -> line.matches(pattern)).findFirst();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    assertTrue(kill.waitFor(10, TimeUnit.SECONDS) && kill.exitValue() == 0);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private static final class Printer implements OwnershipListener {

    @Override
    public void acquired(Set<Integer> partitions) {
      System.out.println("acquired " + partitions);
    }

    @Override
    public void released(Set<Integer> partitions) {
      System.out.println("released " + partitions);
    }

    @Override
    public void lost(Set<Integer> partitions) {
      System.out.println("lost " + partitions);
    }
  }
}
