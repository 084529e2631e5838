package io.sluice.bench.relay;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The publishers that are compared. */
final class Publishers {

  private Publishers() {}

  /**
   * A kind of publisher.
   *
   * @param name its name in the results
   * @param factory creates one for a table
   */
  record Kind(String name, Function<Outbox, Publisher> factory) {
    Publisher of(Outbox outbox) {
      return factory.apply(outbox);
    }
  }

  /** Ours first, then the baseline if there is one, and the opponents. */
  static List<Kind> all(Bench bench) {
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
    kinds.add(new Kind("SKIP LOCKED poller", outbox -> new PollerPublisher(bench, outbox)));
    return kinds;
  }

  private static Kind kind(Bench bench, RelayProgram program) {
    return new Kind("Sluice, baseline", outbox -> new RelayPublisher(bench, outbox, program));
  }
}
