package io.sluice.bench.publishers;

import io.sluice.bench.events.Outbox;
import io.sluice.bench.harness.Bench;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The publishers that are compared. */
public final class Publishers {

  private Publishers() {}

  /**
   * A kind of publisher.
   *
   * @param name its name in the results
   * @param factory creates one for a table
   */
  public record Kind(String name, Function<Outbox, Publisher> factory) {
    /** Creates one for a table. */
    public Publisher of(Outbox outbox) {
      return factory.apply(outbox);
    }
  }

  /** Those that read the binlog, and the one that reads the table. */
  public static List<Kind> all(Bench bench) {
    List<Kind> kinds = new ArrayList<>(ofBinlog(bench));
    kinds.add(new Kind("SKIP LOCKED poller", outbox -> new PollerPublisher(bench, outbox)));
    return kinds;
  }

  /** Ours first, then the baseline if there is one, and the opponents. */
  public static List<Kind> ofBinlog(Bench bench) {
    List<Kind> kinds = new ArrayList<>();
    kinds.add(new Kind("Sluice", outbox -> RelayPublisher.ours(bench, outbox)));
    bench
        .options()
        .baseline()
        .map(root -> RelayProgram.of(root))
        .map(program -> kind(bench, program))
        .ifPresent(kinds::add);
    kinds.add(
        new Kind(
            "Debezium embedded",
            outbox -> new DebeziumPublisher(bench, outbox, DebeziumMain::start)));
    bench
        .options()
        .debeziumServer()
        .map(DebeziumServer::new)
        .map(
            server ->
                new Kind(
                    "Debezium Server",
                    outbox -> new DebeziumPublisher(bench, outbox, server::start)))
        .ifPresent(kinds::add);
    return kinds;
  }

  private static Kind kind(Bench bench, RelayProgram program) {
    return new Kind(
        "Sluice, baseline", outbox -> new RelayPublisher(bench, List.of(outbox), program));
  }
}
