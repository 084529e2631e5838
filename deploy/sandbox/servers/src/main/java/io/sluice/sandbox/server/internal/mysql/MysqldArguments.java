package io.sluice.sandbox.server.internal.mysql;

import java.util.List;

/** The arguments every server we start is given, in a container too. */
final class MysqldArguments {
  /**
   * Row format is not named: it is every supported version's default, and naming it is deprecated.
   */
  static final List<String> REPLICATION_AND_DURABILITY =
      List.of(
          "--server-id=1",
          "--log-bin=binlog",
          "--binlog-row-image=FULL",
          "--gtid-mode=ON",
          "--enforce-gtid-consistency=ON",
          "--sync-binlog=1",
          "--innodb-flush-log-at-trx-commit=1",
          // A hundred shards on one server, each with an engine, pools of services and workers.
          "--max-connections=2000");

  private MysqldArguments() {}
}
