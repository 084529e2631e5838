package io.sluice.sandbox.demo;

import io.sluice.outbox.ShardId;
import io.sluice.sandbox.demo.setup.SandboxDatabases;
import io.sluice.sandbox.server.api.MySqlAddress;

/** The hints that {@code --keep} prints: addresses, accounts and log files. */
final class LookAround {

  private LookAround() {}

  static String text(SandboxDatabases databases, SandboxProcesses processes) {
    MySqlAddress mysql = databases.mysql().address();
    return """

        Everything stays up until Ctrl-C.

        MySQL   mysql --host=%s --port=%d --user=%s --password='%s' %s
                databases %s; for a look:
                SELECT domain, status, COUNT(*) FROM outbox_events GROUP BY domain, status;
                SELECT id, event_type, retry_count, last_error FROM outbox_events WHERE status = 'FAILED';
        Kafka   %s
                kafka-console-consumer.sh --bootstrap-server %s --topic outbox.event.portfolio \\
                  --from-beginning --isolation-level read_committed --formatter-property print.headers=true
        Logs    %s/*.log
        Relay   configured by %s/relay.yaml
        """
        .formatted(
            mysql.host(),
            mysql.port(),
            mysql.admin().user(),
            mysql.admin().password(),
            ShardId.GLOBAL,
            databases.shards(),
            processes.bootstrapServers(),
            processes.bootstrapServers(),
            processes.logs(),
            processes.logs());
  }
}
