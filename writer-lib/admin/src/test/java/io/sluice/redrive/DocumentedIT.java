package io.sluice.redrive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.redrive.documented.RedriveExamples;
import io.sluice.repository.EventKey;
import io.sluice.sandbox.junit.Account;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compiles and runs the examples of {@code docs/redrive.md}. */
@SandboxTest
class DocumentedIT {

  private static final ShardId SHARD = ShardId.of("shard-1");
  private static final String EXAMPLES =
      "src/test/java/io/sluice/redrive/documented/RedriveExamples.java";

  private static String page() throws IOException {
    return Files.readString(Path.of("../../docs/redrive.md"));
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("(?s)```" + language + "\n(.*?)```")
        .matcher(page())
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private static String words(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  /** The privileges that a statement of the page grants, for this database. */
  private static String granted(String statement, Database database) {
    return words(statement)
        .replace("GRANT ", "")
        .replace(" TO sluice_redrive;", "")
        .replace("trading.", "`%s`.".formatted(database.name()));
  }

  @Test
  void theCodeOnThePageIsThatOfTheExamples() throws IOException {
    String examples = words(Files.readString(Path.of(EXAMPLES))).replace("public ", "");

    assertEquals(2, blocks("java").size());
    for (String block : blocks("java")) {
      assertTrue(examples.contains(words(block)), block);
    }
  }

  @Test
  void theExamplesWorkWithTheDocumentedGrant(Sandbox sandbox) throws IOException, SQLException {
    OutboxRows rows = OutboxRows.in(sandbox.database("shard_1"));
    rows.failed("1", "a").parked("2", "a", "1").failed("3", "b").failed("4", "c");
    rows.run("UPDATE outbox_events SET last_error = 'Timeout' WHERE id = '4'");
    Account account = sandbox.account("documented", granted(blocks("sql").get(0), rows.database()));
    ShardDataSources shards =
        ShardDataSources.of(
            Map.of(SHARD, new Database(rows.database().name(), account).dataSource()));
    RedriveExamples examples = new RedriveExamples();
    Redrive redrive = new Redrive(shards);

    assertEquals(
        "event 2 of shard 'shard-1' was left as it was: parked behind 1: redrive or discard 1",
        examples.sendAgain(redrive, new EventKey(SHARD, "2")));
    assertEquals(
        "event 3 of shard 'shard-1' is on its way again",
        examples.sendAgain(redrive, new EventKey(SHARD, "3")));
    assertEquals(1, examples.sendRefusedAgain(shards).events());
    assertEquals(
        List.of("1 PENDING 0 1", "2 PENDING 0 1", "3 PENDING 0 1", "4 FAILED 3"), rows.states());
    assertEquals(1, examples.sendOrderAgain(redrive, "c").events());
    assertEquals("4 PENDING 0 1", rows.states().get(3));
  }

  @Test
  void theManualStatementsWorkWithTheDocumentedGrants(Sandbox sandbox)
      throws IOException, SQLException {
    OutboxRows rows = OutboxRows.in(sandbox.database("by_hand"));
    rows.failed("1", "a").failed("2", "b").pending("3", "c");
    String payload = "SELECT event_data FROM outbox_events";
    List<String> payloads = rows.texts(payload);
    List<String> sql = blocks("sql");
    Account account =
        sandbox.account(
            "by_hand", granted(sql.get(0), rows.database()), granted(sql.get(1), rows.database()));
    Database database = new Database(rows.database().name(), account);

    database.run(sql.get(2).replace("'…'", "'1'"));
    database.run(sql.get(2).replace("'…'", "'3'"));

    assertEquals(List.of("1 PENDING 0 1", "2 FAILED 3", "3 PENDING 3"), rows.states());
    rows.run("UPDATE outbox_events SET status = 'FAILED' WHERE id = '1'");
    database.run(sql.get(2).replace("'…'", "'1'"));
    assertEquals("1 PENDING 0 2", rows.states().get(0));
    assertEquals(payloads, rows.texts(payload));
  }
}
