package io.sluice.bench.publishers;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Lap;
import io.sluice.bench.harness.Metric;
import io.sluice.bench.harness.Sample;
import java.io.IOException;

/** Decodes the same rows several times, and reports the last time. */
final class RawBinlogMain {

  /** The first passes warm the JVM up. */
  private static final int PASSES = 3;

  private final Settings settings;

  private RawBinlogMain(Settings settings) {
    this.settings = settings;
  }

  /**
   * The settings.
   *
   * @param file the file of the binlog with the first row
   * @param position where to begin in the file
   * @param rows how many rows to decode
   */
  record Settings(
      String host,
      int port,
      String user,
      String password,
      long serverId,
      String file,
      long position,
      long rows) {}

  public static void main(String[] arguments) throws IOException {
    RawBinlogMain main = new RawBinlogMain(Bench.settings(arguments, Settings.class));
    for (int pass = 1; pass < PASSES; pass++) {
      main.decode();
    }
    // The start was that of the first pass.
    Sample last = main.decode().sample();
    ChildProcess.report(last.only(Metric.RATE, Metric.WARM_RATE, Metric.CPU));
  }

  private Lap decode() throws IOException {
    BinaryLogClient client =
        new BinaryLogClient(settings.host(), settings.port(), settings.user(), settings.password());
    client.setSSLMode(SSLMode.DISABLED);
    client.setServerId(settings.serverId());
    client.setBinlogFilename(settings.file());
    client.setBinlogPosition(settings.position());
    client.setKeepAlive(false);
    Lap lap = new Lap(settings.rows(), ChildProcess::ownCpuSeconds);
    long[] rows = {0};
    client.registerEventListener(
        (Event event) -> {
          if (event.getData() instanceof WriteRowsEventData data) {
            rows[0] += data.getRows().size();
            lap.at(rows[0]);
            if (lap.isDone()) {
              disconnect(client);
            }
          }
        });
    client.connect();
    return lap;
  }

  private static void disconnect(BinaryLogClient client) {
    try {
      client.disconnect();
    } catch (IOException e) {
      throw new IllegalStateException("the connection cannot be closed", e);
    }
  }
}
