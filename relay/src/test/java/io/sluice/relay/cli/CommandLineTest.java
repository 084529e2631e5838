package io.sluice.relay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of commands that need no server. */
class CommandLineTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "provision",
        "check",
        "doctor",
        "ddl",
        "shards",
        "shards list",
        "shards add",
        "shards drain",
        "shards resume",
        "shards remove",
        "shards re-point",
        "shards heal"
      })
  void everyCommandHasHelp(String command) {
    Commands run = Commands.run((command + " --help").split(" "));

    assertEquals(0, run.exitCode(), run.error());
    assertTrue(run.output().contains("Usage: sluice-relay " + command), run.output());
  }

  @Test
  void printsTheTableOfTheDocumentation() throws IOException {
    Commands ddl = Commands.run("ddl");

    assertEquals(0, ddl.exitCode(), ddl.error());
    assertEquals(OutboxTable.ddl().strip() + ";\n", ddl.output());
    assertTrue(Files.readString(Path.of("../docs/table.md")).contains(ddl.output()));
  }

  @Test
  void aWrongConfigurationIsWrongUsage() throws IOException {
    Path file = Files.writeString(folder.resolve("relay.yaml"), "{}");

    Commands run = Commands.run("shards", "list", "--config", file.toString());

    assertEquals(2, run.exitCode());
    assertTrue(run.error().contains("shards: is missing"), run.error());
  }

  @Test
  void reportsInvalidValues() {
    Commands id = Commands.run("shards", "add", "a b", "-c", "x");
    assertEquals(2, id.exitCode());
    assertTrue(id.error().contains("shard id 'a b'"), id.error());

    Commands wait = Commands.run("shards", "drain", "s0", "-c", "x", "--wait", "soon");
    assertEquals(2, wait.exitCode());
    assertTrue(wait.error().contains("'soon' must be a number and its unit"), wait.error());

    Commands output = Commands.run("doctor", "-c", "x", "--output", "xml");
    assertEquals(2, output.exitCode());
    assertTrue(output.error().contains("xml"), output.error());
  }

  @Test
  void aMoveHasOneDestination() {
    for (String target : new String[] {"", "--host h", "--port 3", "--back --host h --port 3"}) {
      Commands run = Commands.run(("shards re-point s0 -c x " + target).trim().split(" "));

      assertEquals(2, run.exitCode());
      assertTrue(run.error().contains("Give --host and --port, or --back alone"), run.error());
    }
  }
}
