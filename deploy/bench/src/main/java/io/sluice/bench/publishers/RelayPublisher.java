package io.sluice.bench.publishers;

import io.sluice.bench.events.EventTopics;
import io.sluice.bench.events.Outbox;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import java.io.IOException;
import java.util.List;

/** The relay from its distribution, with its defaults: exactly once. Each round is a new group. */
public final class RelayPublisher implements Publisher {

  private final Bench bench;
  private final List<Outbox> shards;
  private final RelayProgram program;
  private final String group;
  private final int serverId;

  RelayPublisher(Bench bench, List<Outbox> shards, RelayProgram program) {
    this.bench = bench;
    this.shards = List.copyOf(shards);
    this.program = program;
    this.serverId = bench.nextServerIds(shards.size());
    this.group = bench.uniqueName(Integer.toString(serverId));
  }

  /** The relay of the checkout that is measured. */
  public static RelayPublisher ours(Bench bench, Outbox... shards) {
    return new RelayPublisher(bench, List.of(shards), RelayProgram.of(bench.options().root()));
  }

  @Override
  public EventTopics topics(int round) {
    return EventTopics.lowerCase(bench.servers().kafka().bootstrapServers(), prefix(round));
  }

  /** The template of the topics' names in a round. */
  public String template(int round) {
    return prefix(round) + ".${domain}";
  }

  private String prefix(int round) {
    return group + "-" + round;
  }

  @Override
  public void prepare(int rounds) throws IOException {
    for (int round = 0; round < rounds; round++) {
      program.provision(bench, configuration(round));
    }
  }

  @Override
  public ChildProcess start(int round) {
    return program.run(bench, configuration(round));
  }

  private RelayConfiguration configuration(int round) {
    return RelayConfiguration.of(prefix(round), template(round), shards, serverId);
  }
}
