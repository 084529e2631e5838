package io.sluice.sandbox.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class UsageTest {

  /** The script prints the file, because the program may not be built yet. */
  @Test
  void theScriptPrintsTheProgramsHelp() throws IOException {
    assertEquals(
        SandboxMain.commandLine().getUsageMessage(Ansi.OFF),
        Files.readString(Path.of("usage.txt")));
  }
}
