package io.sluice.sandbox.server.shared;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process, identified by id and start time because ids are reused.
 *
 * @param pid the process id
 * @param start its start time
 */
record BuildOwner(long pid, Instant start) {

  /**
   * The process whose build the current one is part of: the nearest ancestor that is a JVM. Maven
   * starts test JVMs through a shell or without one.
   */
  static Optional<BuildOwner> ofThisProcess() {
    return Stream.iterate(
            ProcessHandle.current().parent(),
            Optional::isPresent,
            process -> process.flatMap(ProcessHandle::parent))
        .flatMap(Optional::stream)
        .filter(BuildOwner::isJava)
        .findFirst()
        .flatMap(BuildOwner::of);
  }

  /** The owner for a process; empty if the system does not report its start time. */
  static Optional<BuildOwner> of(ProcessHandle process) {
    return process.info().startInstant().map(start -> new BuildOwner(process.pid(), start));
  }

  /** The process, if it is still alive. */
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.info().startInstant().filter(start::equals).isPresent());
  }

  /** The owner as text, for file names and arguments. {@link #parse} reads it. */
  String text() {
    return pid + "-" + start.toEpochMilli();
  }

  static BuildOwner parse(String text) {
    String[] parts = text.split("-", 2);
    return new BuildOwner(Long.parseLong(parts[0]), Instant.ofEpochMilli(Long.parseLong(parts[1])));
  }

  private static boolean isJava(ProcessHandle process) {
    return process
        .info()
        .command()
        .filter(command -> command.endsWith("java") || command.endsWith("java.exe"))
        .isPresent();
  }
}
