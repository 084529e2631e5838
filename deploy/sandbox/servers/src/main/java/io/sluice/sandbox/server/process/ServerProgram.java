package io.sluice.sandbox.server.process;

import java.util.List;

/** A program that a {@link GuardedServer} runs. */
public interface ServerProgram {
  /** The program's name, for messages and files. */
  String name();

  /** The command line, the same at every start. */
  List<String> command();

  /** Prepares the folder for a start, which may follow a kill. */
  default void beforeStart() {}

  /** Called after a start, when the server serves clients. */
  default void afterStart() {}

  /** Whether the server serves clients. Called repeatedly, so it returns within seconds. */
  boolean isReady();
}
