package io.sluice.relay.cli;

import io.sluice.relay.RelayWiring;
import io.sluice.relay.admin.Diagnosis;
import io.sluice.relay.admin.Doctor;
import io.sluice.relay.admin.RelayGroup;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.preflight.Finding.Severity;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code doctor}: checks everything that a relay depends on. */
@Command(
    name = "doctor",
    description = {
      "Checks brokers, topics, and the server, table and position of every configured shard."
          + " Reports each problem and its remedy. Changes nothing.",
      "Exits with 1 if there is an error: some events are not relayed until it is corrected."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

  @Mixin private ConfigOption config;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    RelayConfig read = config.read();
    List<Diagnosis> found =
        new Doctor(new RelayGroup(read), new RelayWiring(read).recovery()).examine();
    spec.commandLine().getOut().println(DoctorReport.of(found, output.format()));
    return DoctorReport.count(found, Severity.ERROR) == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
