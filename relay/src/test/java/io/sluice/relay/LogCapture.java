package io.sluice.relay;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Captures the log, which goes to standard output, until it is closed. */
public final class LogCapture implements AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(60);

  private final PrintStream before = System.out;
  private final ByteArrayOutputStream captured = new ByteArrayOutputStream();

  public LogCapture() {
    System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
  }

  /** Waits until this text is logged. */
  public void await(String text) {
    Await.until(
        BOUND, () -> "'" + text + "' in the log, which has: " + all(), () -> all().contains(text));
  }

  /** The log so far. */
  public String all() {
    return captured.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    System.setOut(before);
    before.print(all());
  }
}
