package io.sluice.sandbox.demo;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.TopicTemplate;
import io.sluice.sandbox.demo.chaos.KillSchedule;
import io.sluice.sandbox.demo.chaos.Killer;
import io.sluice.sandbox.demo.chaos.Victim;
import io.sluice.sandbox.demo.setup.SandboxDatabases;
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

  private final SandboxOptions options;
  private final Path relay;
  private final PrintStream out;

  SandboxRun(SandboxOptions options, Path relay, PrintStream out) {
    this.options = options;
    this.relay = relay;
    this.out = out;
  }

  /** Whether everything was as promised. */
  boolean run() throws Exception {
    try (Cleanup cleanup = new Cleanup()) {
      cleanup.watchForInterrupt();
      out.println("sandbox: seed " + options.seed());
      out.println("sandbox: starting MySQL and Kafka ...");
      SandboxServers servers = cleanup.add(SandboxServers.start());
      out.println("sandbox: " + servers.description());
      SandboxDatabases databases =
          cleanup.add(SandboxDatabases.create(servers.mysql(), options.shards()));
      cleanup.add(SandboxTopics.claim(servers.kafka(), TOPICS));
      String bootstrapServers = servers.kafka().bootstrapServers();
      SandboxProcesses processes =
          cleanup.add(SandboxProcesses.open(relay, databases, bootstrapServers));
      out.println("sandbox: provisioning shards " + databases.shards());
      processes.provision();
      HikariDataSource administrator = cleanup.add(databases.administrator());
      OutboxTables tables =
          new OutboxTables(administrator, databases.shards(), TopicTemplate.DEFAULT);
      TopicObserver topics = cleanup.add(TopicObserver.open(bootstrapServers, TOPICS));
      processes.startDaemons(options.relays());
      Killer killer = cleanup.add(killer(servers, processes, tables));
      Verdict verdict = verdict(new Watch(tables, topics, processes, out), processes, killer);
      return report(verdict, databases, processes);
    }
  }

  private Killer killer(SandboxServers servers, SandboxProcesses processes, OutboxTables tables) {
    List<List<Victim>> kinds =
        List.of(
            processes.relays(),
            List.of(ServerVictim.of(servers.mysql())),
            List.of(ServerVictim.of(servers.kafka())));
    return new Killer(
        KillSchedule.draw(options.seed(), options.kills(), kinds),
        new TradingLoad(options.events(), tables, processes.allowance()),
        out);
  }

  private Verdict verdict(Watch watch, SandboxProcesses processes, Killer killer) throws Exception {
    out.println(
        "sandbox: %d relay(s) and handler workers started, writing %d events"
            .formatted(options.relays(), options.events()));
    killer.start();
    watch.untilSettled(processes.startTrading(options), killer);
    killer.close();
    // Counted only when nobody can publish any more: a duplicate may come late.
    processes.end();
    return watch.verdict();
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
