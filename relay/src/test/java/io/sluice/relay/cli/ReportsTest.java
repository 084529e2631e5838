package io.sluice.relay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
          Optional.of(new Owner("relay-1", "10.0.0.1", "RUNNING")),
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
        SHARD        PARTITION  PHASE           OWNER                STATE    READ FROM      POSITION
        s0           3          ACTIVE          relay-1 at 10.0.0.1  RUNNING  db-2:3306      uuid:1-7
        pair [a, b]  -          NOT_REGISTERED  -                    -        as configured  -\
        """
            .lines()
            .toList(),
        Reports.shards(List.of(OWNED, NEW), Format.TEXT).lines().toList());
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
            "relay" : "relay-1",
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
