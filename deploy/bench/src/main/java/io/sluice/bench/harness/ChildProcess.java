package io.sluice.bench.harness;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.sandbox.server.process.Await;
import io.sluice.sandbox.server.process.Command;
import io.sluice.sandbox.server.process.GuardedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A process of a contender. Its CPU time and memory are those of the operating system. */
public final class ChildProcess implements AutoCloseable {

  /** Begins the line with which a process reports the sample that it took itself. */
  private static final String SAMPLE = "bench-sample ";

  private static final Path PROCESSES = Path.of("/proc");
  private static final Duration END = Duration.ofSeconds(60);
  private static final JsonMapper JSON = new JsonMapper();

  private final GuardedProcess process;

  ChildProcess(GuardedProcess process) {
    this.process = process;
  }

  /** Reports the sample of this process, and its peak of memory, to the one that started it. */
  public static void report(Sample sample) {
    try {
      Sample whole = withPeakMemory(sample, "self");
      System.out.println(SAMPLE + JSON.writeValueAsString(whole));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The CPU time of this JVM. */
  public static double ownCpuSeconds() {
    return cpuSeconds(ProcessHandle.current());
  }

  /**
   * The CPU time of the process.
   *
   * @throws IllegalStateException if it has ended
   */
  public double cpuSeconds() {
    requireAlive();
    return ProcessHandle.of(process.pid())
        .map(ChildProcess::cpuSeconds)
        .orElseThrow(() -> new IllegalStateException(process.name() + " is gone"));
  }

  private static double cpuSeconds(ProcessHandle handle) {
    return handle
        .info()
        .totalCpuDuration()
        .map(time -> time.toNanos() / 1e9)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the system does not show the CPU time of process " + handle.pid()));
  }

  /** The sample with the peak of memory until now. */
  public Sample withPeakMemory(Sample sample) {
    return withPeakMemory(sample, Long.toString(process.pid()));
  }

  /** Without it where the operating system does not report it in this way (Linux does). */
  private static Sample withPeakMemory(Sample sample, String process) {
    return Files.exists(PROCESSES)
        ? sample.with(Metric.PEAK_MEMORY, status(process, "VmHWM:") / 1024)
        : sample;
  }

  /** How many threads the process has. */
  public double threads() {
    return status(Long.toString(process.pid()), "Threads:");
  }

  /** The memory that the process has now. */
  public double residentMegabytes() {
    return status(Long.toString(process.pid()), "VmRSS:") / 1024;
  }

  private static double status(String process, String name) {
    Path file = PROCESSES.resolve(process).resolve("status");
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow(() -> new IOException("it has no line " + name));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Has the JVM collect its garbage, so that the used heap is what lives. */
  public void collectGarbage() {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Command.run(List.of(jcmd, Long.toString(process.pid()), "GC.run"), Map.of(), END);
  }

  /**
   * Returns at once while the process runs.
   *
   * @throws IllegalStateException with the end of its log if it has ended
   */
  public void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "%s ended with status %d. %s"
              .formatted(process.name(), process.status(), process.logTail()));
    }
  }

  /** Waits for the sample that the process reports. */
  public Sample awaitSample(Duration bound) {
    if (!Await.until(bound, () -> !samples().isEmpty() || !process.isAlive())) {
      throw new IllegalStateException(
          "%s was not done after %d s. %s"
              .formatted(process.name(), bound.toSeconds(), process.logTail()));
    }
    List<String> samples = samples();
    if (samples.isEmpty()) {
      requireAlive();
    }
    try {
      return JSON.readValue(samples.get(0).substring(SAMPLE.length()), Sample.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> samples() {
    try {
      return Files.readAllLines(process.folder().resolve(process.name() + ".log")).stream()
          .filter(line -> line.startsWith(SAMPLE))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for an orderly end. */
  public void awaitEnd(Duration bound) {
    if (!process.awaitEnd(bound) || process.status() != 0) {
      throw new IllegalStateException(process.name() + " has failed. " + process.logTail());
    }
  }

  /** Asks the process to end, and waits until it has. */
  @Override
  public void close() {
    process.terminate();
    if (!process.awaitEnd(END)) {
      process.kill(END);
    }
  }
}
