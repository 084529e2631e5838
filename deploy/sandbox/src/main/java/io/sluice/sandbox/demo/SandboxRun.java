package io.sluice.sandbox.demo;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.TopicTemplate;
import io.sluice.sandbox.demo.setup.SandboxDatabases;
import io.sluice.sandbox.demo.verify.OutboxTables;
import io.sluice.sandbox.demo.verify.TopicObserver;
import io.sluice.sandbox.demo.verify.Verdict;
import io.sluice.sandbox.server.SandboxServers;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
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
      try (Connection admin = servers.mysql().connect();
          TopicObserver topics = TopicObserver.open(bootstrapServers, TOPICS)) {
        OutboxTables tables = new OutboxTables(admin, databases.shards(), TopicTemplate.DEFAULT);
        return run(new Watch(tables, topics, processes, out), databases, processes);
      }
    }
  }

  private boolean run(Watch watch, SandboxDatabases databases, SandboxProcesses processes)
      throws Exception {
    processes.startRelay();
    processes.startWorkers();
    out.println(
        "sandbox: relay and handler workers started, writing " + options.events() + " events");
    watch.untilSettled(processes.startTrading(options));
    // Counted only when nobody can publish any more: a duplicate may come late.
    processes.end();
    Verdict verdict = watch.verdict();
    verdict.printTable(out);
    List<String> complaints = verdict.complaints(options.events());
    if (!complaints.isEmpty()) {
      out.println(processes.logTails());
      complaints.forEach(complaint -> out.println("sandbox: NOT AS PROMISED: " + complaint));
    }
    if (options.keep()) {
      processes.startRelay();
      processes.startWorkers();
      out.println(LookAround.text(databases, processes));
      out.println(verdict.line());
      new CountDownLatch(1).await();
    }
    out.println(verdict.line());
    return complaints.isEmpty();
  }
}
