package io.sluice.sandbox.demo;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.TopicTemplate;
import io.sluice.sandbox.demo.chaos.KillSchedule;
import io.sluice.sandbox.demo.chaos.Killer;
import io.sluice.sandbox.demo.chaos.Victim;
import io.sluice.sandbox.demo.setup.SandboxDatabases;
import io.sluice.sandbox.demo.verify.EffectAudit;
import io.sluice.sandbox.demo.verify.Evidence;
import io.sluice.sandbox.demo.verify.OutboxTables;
import io.sluice.sandbox.demo.verify.TopicObserver;
import io.sluice.sandbox.demo.verify.Verdict;
import io.sluice.sandbox.server.SandboxServers;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** One run of the sandbox, from starting servers to the verdict. Used by one thread. */
final class SandboxRun {

  private static final List<String> TOPICS =
      Stream.of(
              EventDomain.CHAT,
              EventDomain.PORTFOLIO,
              EventDomain.MARKET,
              EventDomain.NOTIFICATION,
              EventDomain.SIGNAL)
          .map(TopicTemplate.DEFAULT::topic)
          .toList();

  private static final List<String> DEAD_LETTERS =
      TOPICS.stream().map(topic -> topic + ".dlq").toList();

  private final SandboxOptions options;
  private final Path relay;
  private final PrintStream out;

  SandboxRun(SandboxOptions options, Path relay, PrintStream out) {
    this.options = options;
    this.relay = relay;
    this.out = out;
  }

  /**
   * Executes the run.
   *
   * @return whether all guarantees held
   */
  boolean run() throws Exception {
    try (Cleanup cleanup = new Cleanup()) {
      cleanup.watchForInterrupt();
      out.println("sandbox: seed " + options.seed());
      out.println("sandbox: starting MySQL and Kafka ...");
      SandboxServers servers = cleanup.add(SandboxServers.start());
      out.println("sandbox: " + servers.description());
      SandboxDatabases databases =
          cleanup.add(SandboxDatabases.create(servers.mysql(), options.shards()));
      cleanup.add(SandboxTopics.claim(servers.kafka(), allTopics()));
      String bootstrapServers = servers.kafka().bootstrapServers();
      SandboxProcesses processes =
          cleanup.add(SandboxProcesses.open(relay, databases, bootstrapServers));
      out.println("sandbox: provisioning shards " + databases.shards());
      processes.provision();
      Evidence evidence = evidence(databases, bootstrapServers, cleanup);
      processes.startDaemons(options.relays(), options.workers());
      Killer killer = cleanup.add(killer(servers, processes, evidence.tables()));
      Verdict verdict = verdict(evidence, processes, killer);
      return report(verdict, databases, processes);
    }
  }

  private static List<String> allTopics() {
    return Stream.of(TOPICS, DEAD_LETTERS).flatMap(List::stream).toList();
  }

  private static Evidence evidence(
      SandboxDatabases databases, String bootstrapServers, Cleanup cleanup) {
    HikariDataSource administrator = cleanup.add(databases.administrator());
    return new Evidence(
        new OutboxTables(administrator, databases.shards(), TopicTemplate.DEFAULT),
        cleanup.add(TopicObserver.open(bootstrapServers, TOPICS)),
        cleanup.add(TopicObserver.open(bootstrapServers, DEAD_LETTERS)),
        new EffectAudit(administrator, databases.shards()));
  }

  private Killer killer(SandboxServers servers, SandboxProcesses processes, OutboxTables tables) {
    List<List<Victim>> kinds =
        List.of(
            processes.relays(),
            processes.workers(),
            List.of(ServerVictim.of(servers.mysql())),
            List.of(ServerVictim.of(servers.kafka())));
    return new Killer(
        KillSchedule.draw(options.seed(), options.kills(), kinds),
        new TradingLoad(options.events(), tables, processes.allowance()),
        out);
  }

  private Verdict verdict(Evidence evidence, SandboxProcesses processes, Killer killer)
      throws Exception {
    out.println(
        "sandbox: %d relay(s) and %d handler worker(s) started, writing %d events"
            .formatted(options.relays(), options.workers(), options.events()));
    killer.start();
    Watch watch = new Watch(evidence, processes, out);
    watch.untilSettled(processes.startTrading(options), killer);
    killer.close();
    // Count only after all processes have ended, because a duplicate may arrive late.
    processes.end();
    return Verdict.reach(evidence);
  }

  private boolean report(Verdict verdict, SandboxDatabases databases, SandboxProcesses processes)
      throws InterruptedException {
    verdict.printTable(out);
    List<String> complaints = verdict.complaints(options.events());
    if (!complaints.isEmpty()) {
      out.println(processes.logTails());
      complaints.forEach(complaint -> out.println("sandbox: NOT AS PROMISED: " + complaint));
    }
    if (options.keep()) {
      processes.restartDaemons();
      out.println(LookAround.text(databases, processes));
      out.println(verdict.line());
      new CountDownLatch(1).await();
    }
    out.println(verdict.line());
    return complaints.isEmpty();
  }
}
