package io.sluice.redrive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
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
import org.junit.jupiter.api.Test;

/** What {@code docs/redrive.md} shows works. */
@SandboxTest
class DocumentedIT {

  private static final ShardId SHARD = ShardId.of("shard-1");
  private static final String SOURCES = "src/test/java/io/sluice/redrive/";

  private static String page() throws IOException {
    return Files.readString(Path.of("../docs/redrive.md"));
  }

  private static String block(String language) throws IOException {
    String page = page();
    int begin = page.indexOf("```" + language + "\n") + language.length() + 4;
    return page.substring(begin, page.indexOf("```", begin));
  }

  private static String words(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  @Test
  void itsCodeIsTheExamples() throws IOException {
    String examples = words(Files.readString(Path.of(SOURCES + "RedriveExamples.java")));

    assertTrue(examples.contains(words(block("java"))), examples);
  }

  @Test
  void theExamplesDoWhatTheyShowWithTheGrantThatIsShown(Sandbox sandbox)
      throws IOException, SQLException {
    OutboxRows rows = OutboxRows.in(sandbox.database("shard_1"));
    rows.failed("1", "a").parked("2", "a", "1").failed("3", "b");
    String name = rows.database().name();
    String grant =
        words(block("sql"))
            .replace("GRANT ", "")
            .replace(" TO sluice_redrive;", "")
            .replace("trading.", "`%s`.".formatted(name));
    Account account = sandbox.account("documented", grant);
    ShardDataSources shards =
        ShardDataSources.of(Map.of(SHARD, new Database(name, account).dataSource()));
    RedriveExamples examples = new RedriveExamples();
    Redrive redrive = new Redrive(shards);

    assertEquals(
        "event 2 of shard 'shard-1' was left as it was: parked behind 1: redrive or discard 1",
        examples.sendAgain(redrive, new EventKey(SHARD, "2")));
    assertEquals(
        "event 3 of shard 'shard-1' is on its way again",
        examples.sendAgain(redrive, new EventKey(SHARD, "3")));
    assertEquals(1, examples.sendRefusedAgain(shards).events());
    assertEquals(List.of("1 PENDING 0 1", "2 PENDING 0 1", "3 PENDING 0 1"), rows.states());
  }
}
