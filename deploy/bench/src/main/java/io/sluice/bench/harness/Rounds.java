package io.sluice.bench.harness;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs contenders in turn, so that a change of the machine's speed hits all of them. Each round
 * begins with another one. The first rounds may be warm-ups, which do not count.
 */
final class Rounds {

  private final int warmUps;
  private final int counted;
  private final BeforeLap beforeLap;
  private final PrintStream out;

  /**
   * @param warmUps how many rounds come first and do not count
   * @param counted how many rounds count
   * @param beforeLap what is done before each lap
   */
  Rounds(int warmUps, int counted, BeforeLap beforeLap, PrintStream out) {
    this.warmUps = warmUps;
    this.counted = counted;
    this.beforeLap = beforeLap;
    this.out = out;
  }

  List<Result> run(List<Contender> contenders) throws Exception {
    List<List<Sample>> samples =
        contenders.stream().map(c -> new ArrayList<Sample>()).collect(Collectors.toList());
    for (int round = 0; round < warmUps + counted; round++) {
      for (int turn = 0; turn < contenders.size(); turn++) {
        int i = (round + turn) % contenders.size();
        beforeLap.run();
        Sample sample = contenders.get(i).run(round);
        print(round, contenders.get(i).name(), sample);
        if (round >= warmUps) {
          samples.get(i).add(sample);
        }
      }
    }
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < contenders.size(); i++) {
      results.add(new Result(contenders.get(i).name(), samples.get(i)));
    }
    return results;
  }

  private void print(int round, String contender, Sample sample) {
    String when = round < warmUps ? "warm-up" : "round " + (round - warmUps + 1);
    String values =
        sample.values().entrySet().stream()
            .map(value -> value.getKey().format(value.getValue()) + " " + value.getKey().heading())
            .collect(Collectors.joining(" · "));
    out.printf("  %-8s %-34s %s%n", when, contender, values);
  }
}
