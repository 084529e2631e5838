package io.sluice.sandbox.demo.trading;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The number of events that the back end may write so far, stored in a file. The sandbox raises the
 * number step by step, which limits the load during kills. Thread-safe.
 */
public final class Allowance {

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Path file;
  private volatile long allowed;

  public Allowance(Path file) {
    this.file = file;
  }

  /** Sets the total number of allowed events. The change is atomic. */
  public void grant(long events) {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      Files.writeString(next, Long.toString(events));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Waits, without a time limit, until the n-th event is allowed. */
  void await(long n) throws InterruptedException {
    while (n > allowed && n > read()) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted before event " + n);
      }
    }
  }

  private long read() {
    try {
      allowed = Long.parseLong(Files.readString(file));
      return allowed;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
