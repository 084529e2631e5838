package io.sluice.relay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.admin.Doctor.Diagnosis;
import io.sluice.relay.admin.ListedShard;
import io.sluice.relay.cli.OutputOption.Format;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.preflight.Finding;
import io.sluice.relay.preflight.Finding.Severity;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Move;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportsTest {

  private static final ListedShard OWNED =
      new ListedShard(
          ShardId.of("s0"),
          List.of(ShardId.of("s0")),
          Optional.of("db-1:3306"),
          Optional.of(
              RegisteredShard.active(ShardId.of("s0"), 3, List.of(ShardId.of("s0")))
                  .at(new Move("db-1:3306", "db-2", 3306))),
          Optional.of(new Owner("db7-4711", "10.0.0.1", "RUNNING")),
          "uuid:1-7");

  private static final ListedShard NEW =
      new ListedShard(
          ShardId.of("pair"),
          List.of(ShardId.of("a"), ShardId.of("b")),
          Optional.of("db-3:3306"),
          Optional.empty(),
          Optional.empty(),
          "");

  private static final Diagnosis FOUND =
      new Diagnosis("kafka", new Finding(Severity.ERROR, "it is away", "start it"));

  @Test
  void shardsAreShownInColumns() {
    assertEquals(
        """
        SHARD     PHASE           STATE    OWNER     POSITION
        s0        ACTIVE          RUNNING  db7-4711  uuid:1-7
        pair (2)  NOT_REGISTERED  -        -         -
        s0: read from db-2:3306, as by 're-point'\
        """
            .lines()
            .toList(),
        Reports.shards(List.of(OWNED, NEW), Format.TEXT).lines().toList());
  }

  @Test
  void aLineFitsIntoATerminal() {
    ListedShard wide =
        new ListedShard(
            ShardId.of("s".repeat(60)),
            List.of(ShardId.of("s".repeat(60))),
            Optional.empty(),
            OWNED.registered(),
            Optional.of(
                new Owner("h".repeat(60), "10.0.0.1", "STOPPED: topic t: " + "x".repeat(300))),
            "3fa85f64-5717-4562-b3fc-2c963f66afa6:1-7,".repeat(4));

    List<String> lines = Reports.shards(List.of(wide), Format.TEXT).lines().toList();

    assertTrue(lines.get(1).length() <= 120, lines.get(1));
    assertTrue(lines.get(1).contains("STOPPED  …"), lines.get(1));
    assertTrue(lines.get(2).endsWith(": not in this configuration"), lines.get(2));
    assertTrue(lines.get(lines.size() - 1).endsWith("STOPPED: topic t: " + "x".repeat(300)));
  }

  @Test
  void aMoveFromAnotherAddressIsNotShown() {
    ListedShard elsewhere =
        new ListedShard(
            OWNED.id(),
            OWNED.shards(),
            Optional.of("db-9:3306"),
            OWNED.registered(),
            OWNED.owner(),
            OWNED.position());

    assertEquals(Optional.empty(), elsewhere.moved());
  }

  @Test
  void shardsAreShownAsJson() {
    assertEquals(
        """
        [ {
          "id" : "s0",
          "shards" : [ "s0" ],
          "partition" : 3,
          "phase" : "ACTIVE",
          "configured" : true,
          "owner" : {
            "relay" : "db7-4711",
            "host" : "10.0.0.1"
          },
          "state" : "RUNNING",
          "position" : "uuid:1-7",
          "moved" : "db-2:3306"
        }, {
          "id" : "pair",
          "shards" : [ "a", "b" ],
          "phase" : "NOT_REGISTERED",
          "configured" : true,
          "state" : "",
          "position" : ""
        } ]\
        """
            .lines()
            .toList(),
        Reports.shards(List.of(OWNED, NEW), Format.JSON).lines().toList());
  }

  @Test
  void showsFindingsWithTheirRemedies() {
    assertEquals(
        List.of("kafka: ERROR: it is away", "  To fix it: start it", "1 error(s), 0 warning(s)"),
        Reports.findings(List.of(FOUND), Format.TEXT).lines().toList());
    assertEquals(
        """
        {
          "errors" : 1,
          "warnings" : 0,
          "findings" : [ {
            "subject" : "kafka",
            "severity" : "ERROR",
            "problem" : "it is away",
            "remedy" : "start it"
          } ]
        }\
        """
            .lines()
            .toList(),
        Reports.findings(List.of(FOUND), Format.JSON).lines().toList());
  }
}
