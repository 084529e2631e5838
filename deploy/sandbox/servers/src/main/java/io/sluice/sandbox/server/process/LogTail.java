package io.sluice.sandbox.server.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The last lines of a log file, for messages. */
public final class LogTail {
  private static final int LINES = 25;

  private LogTail() {}

  /** The last lines, indented, or a line that says why there are none. */
  public static String of(Path file) {
    try {
      List<String> lines =
          new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
      if (lines.isEmpty()) {
        return "(it logged nothing)";
      }
      List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
      return "Last lines of its log:\n  " + String.join("\n  ", last);
    } catch (IOException e) {
      return "(its log could not be read: " + e + ")";
    }
  }
}
