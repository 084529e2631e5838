package io.sluice.sandbox.demo.verify;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a run came to, counted from the tables and the topics.
 *
 * @param tallies by shard and domain
 * @param unknown events on the topics that no table holds, as of a transaction rolled back
 * @param torn business rows without their event, or events without their business row
 */
public record Verdict(Map<ShardId, Map<EventDomain, Tally>> tallies, long unknown, long torn) {

  private static final String FORMAT = "%-10s %-13s %9s %9s %10s %8s %8s %6s %11s%n";

  /** Compares everything that is in the tables with everything that is on the topics. */
  public static Verdict reach(OutboxTables tables, TopicObserver topics) throws SQLException {
    topics.readToEnd();
    Map<ShardId, Map<EventDomain, Tally>> tallies = tables.compare(topics);
    long relayed = total(tallies).relayed();
    return new Verdict(tallies, topics.events() - relayed, tables.torn());
  }

  private static Tally total(Map<ShardId, Map<EventDomain, Tally>> tallies) {
    return tallies.values().stream()
        .flatMap(byDomain -> byDomain.values().stream())
        .reduce(Tally.NONE, Tally::plus);
  }

  public Tally total() {
    return total(tallies);
  }

  /** What is not as promised, in words; empty if all is. */
  public List<String> complaints(long expected) {
    Tally total = total();
    List<String> complaints = new ArrayList<>();
    complain(complaints, expected - total.written(), "events were to be written and are not there");
    complain(complaints, total.lost(), "committed events are not on their topic");
    complain(complaints, total.duplicated(), "records are on a topic once more than they should");
    complain(complaints, total.altered(), "events differ from their row, or are on a wrong topic");
    complain(complaints, unknown, "events on the topics were never committed");
    complain(complaints, torn, "times business data and event were not committed together");
    complain(
        complaints,
        total.written() - total.published() - total.failed(),
        "rows are neither PUBLISHED nor FAILED");
    return complaints;
  }

  private static void complain(List<String> complaints, long count, String what) {
    if (count != 0) {
      complaints.add(count + " " + what);
    }
  }

  /** The table by shard and domain. */
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

  /** The line that ends a run. */
  public String line() {
    Tally total = total();
    return "sandbox: written=%d relayed=%d published=%d failed=%d lost=%d duplicated=%d"
        .formatted(
            total.written(),
            total.relayed(),
            total.published(),
            total.failed(),
            total.lost(),
            total.duplicated());
  }
}
