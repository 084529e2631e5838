package io.sluice.bench.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {

  private final PrintStream out = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
  private final List<String> done = new ArrayList<>();

  /** Its samples are the numbers of the rounds. */
  private record Noted(String name, List<String> done) implements Contender {
    @Override
    public Sample run(int round) {
      done.add(name + round);
      return new Sample(Map.of(Metric.RATE, (double) round));
    }
  }

  private List<Result> run(int warmUps, int counted) throws Exception {
    return new Rounds(warmUps, counted, () -> done.add("prepared"), out)
        .run(List.of(new Noted("a", done), new Noted("b", done)));
  }

  @Test
  void contendersTakeTurnsInBeingTheFirst() throws Exception {
    run(1, 2);
    done.removeIf(step -> step.equals("prepared"));
    assertEquals(List.of("a0", "b0", "b1", "a1", "a2", "b2"), done);
  }

  @Test
  void everyLapIsPrepared() throws Exception {
    run(0, 1);
    assertEquals(List.of("prepared", "a0", "prepared", "b0"), done);
  }

  @Test
  void samplesAreThoseOfTheirContenderWithoutTheWarmUp() throws Exception {
    Result second = run(1, 3).get(1);
    assertEquals("b", second.contender());
    assertEquals(
        List.of(1.0, 2.0, 3.0),
        second.samples().stream().map(sample -> sample.value(Metric.RATE).orElseThrow()).toList());
  }
}
