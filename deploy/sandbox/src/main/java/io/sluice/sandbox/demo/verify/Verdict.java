package io.sluice.sandbox.demo.verify;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The result of a run, counted from the tables and the topics.
 *
 * @param tallies by shard and domain
 * @param unknown events on the topics that are in no table, for example of a transaction that was
 *     rolled back
 * @param reordered events on a topic before an earlier event of their aggregate
 * @param torn business rows without their event, or events without their business row
 * @param effects the effects of handlers in the shards
 */
public record Verdict(
    Map<ShardId, Map<EventDomain, Tally>> tallies,
    long unknown,
    long reordered,
    long torn,
    Effects effects) {

  private static final String FORMAT = "%-10s %-13s %9s %9s %10s %8s %8s %6s %11s%n";

  /** Compares the content of the tables with the content of the topics. */
  public static Verdict reach(Evidence evidence) throws SQLException {
    TopicObserver topics = evidence.topics();
    topics.readToEnd();
    evidence.deadLetters().readToEnd();
    Map<ShardId, Map<EventDomain, Tally>> tallies =
        evidence.tables().compare(topics, evidence.deadLetters());
    long unknown = topics.events() - total(tallies).relayed();
    return new Verdict(
        tallies,
        unknown,
        evidence.tables().reordered(topics),
        evidence.tables().torn(),
        evidence.effects().effects());
  }

  private static Tally total(Map<ShardId, Map<EventDomain, Tally>> tallies) {
    return tallies.values().stream()
        .flatMap(byDomain -> byDomain.values().stream())
        .reduce(Tally.NONE, Tally::plus);
  }

  public Tally total() {
    return total(tallies);
  }

  /**
   * Describes the guarantees that did not hold.
   *
   * @return a sentence for each; empty if all held
   */
  public List<String> complaints(long expected) {
    Tally total = total();
    List<String> complaints = new ArrayList<>();
    complain(complaints, expected - total.written(), "events were to be written and are not there");
    complain(complaints, total.lost(), "committed events are not on their topic");
    complain(complaints, total.duplicated(), "records are on a topic once more than they should");
    complain(complaints, total.altered(), "events differ from their row, or are on a wrong topic");
    complain(
        complaints, reordered, "events are on their topic before or apart from an earlier one");
    complain(complaints, unknown, "events on the topics were never committed");
    complain(complaints, torn, "times business data and event were not committed together");
    complain(
        complaints,
        total.written() - total.published() - total.failed(),
        "rows are neither PUBLISHED nor FAILED");
    complain(complaints, total.unburied(), "FAILED events are not on their topic of dead letters");
    complain(complaints, total.unplanned(), "events did not end as their handler was to end");
    complain(complaints, effects.lost(), "PUBLISHED events have had no effect in their shard");
    complain(complaints, effects.doubled(), "effects of PUBLISHED events are one too many");
    complain(complaints, effects.stray(), "effects are of events that are not PUBLISHED");
    complain(complaints, effects.unbalanced(), "balances are not the sum of their bookings");
    complain(complaints, effects.reordered(), "effects took place before an earlier event's");
    return complaints;
  }

  private static void complain(List<String> complaints, long count, String what) {
    if (count != 0) {
      complaints.add(count + " " + what);
    }
  }

  /** Prints the counts by shard and domain as a table. */
  public void printTable(PrintStream out) {
    out.println();
    out.printf(
        FORMAT,
        "shard",
        "domain",
        "written",
        "relayed",
        "published",
        "retrying",
        "failed",
        "lost",
        "duplicated");
    tallies.forEach(
        (shard, byDomain) ->
            byDomain.forEach((domain, tally) -> printRow(out, shard, domain, tally)));
    out.println();
  }

  private static void printRow(PrintStream out, ShardId shard, EventDomain domain, Tally tally) {
    out.printf(
        FORMAT,
        shard,
        domain,
        tally.written(),
        tally.relayed(),
        tally.published(),
        tally.retrying(),
        tally.failed(),
        tally.lost(),
        tally.duplicated());
  }

  /** The last line of a run's output. */
  public String line() {
    Tally total = total();
    return """
        sandbox: written=%d relayed=%d published=%d failed=%d lost=%d duplicated=%d \
        effects_lost=%d effects_doubled=%d\
        """
        .formatted(
            total.written(),
            total.relayed(),
            total.published(),
            total.failed(),
            total.lost(),
            total.duplicated(),
            effects.lost(),
            effects.doubled());
  }
}
