package io.sluice.sandbox.server.internal.way;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.sandbox.server.api.NoServerException;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.Applicability.Misconfigured;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoiceTest {
  private static final Way<String> ABSENT = new Fake("absent", new DoesNotApply("is not here"));
  private static final Way<String> BROKEN = new Fake("broken", new Misconfigured("half set"));
  private static final Way<String> FIRST = new Fake("first", new Applies());
  private static final Way<String> SECOND = new Fake("second", new Applies());

  @Test
  void takesTheFirstThatApplies() {
    assertEquals(FIRST, choice("").among(List.of(ABSENT, FIRST, SECOND)));
  }

  @Test
  void takesTheForcedOneThoughAnotherComesFirst() {
    assertEquals(SECOND, choice("second").among(List.of(FIRST, SECOND)));
  }

  @Test
  void doesNotPassOverAMistake() {
    assertEquals(
        """
        The environment asks for Cellar wrongly:
          - absent: is not here
          - broken: half set
        Make one of them apply, or set CELLAR to force one of: absent, broken, first""",
        failure("", List.of(ABSENT, BROKEN, FIRST)));
  }

  @Test
  void listsEveryWayWhenNoneApplies() {
    Way<String> gone = new Fake("gone", new DoesNotApply("went away"));
    assertEquals(
        """
        No way to get Cellar applies here:
          - absent: is not here
          - gone: went away
        Make one of them apply, or set CELLAR to force one of: absent, gone""",
        failure("", List.of(ABSENT, gone)));
  }

  @Test
  void refusesAForcedWayThatDoesNotApply() {
    assertEquals(
        """
        CELLAR=absent forces a way to get Cellar that does not apply:
          - absent: is not here
        Make one of them apply, or set CELLAR to force one of: absent, first""",
        failure("absent", List.of(ABSENT, FIRST)));
  }

  @Test
  void refusesAWayItDoesNotKnow() {
    assertEquals(
        """
        CELLAR=abacus names no way to get Cellar.
        Make one of them apply, or set CELLAR to force one of: first, second""",
        failure("abacus", List.of(FIRST, SECOND)));
  }

  private static Choice choice(String forced) {
    return new Choice("Cellar", "CELLAR", forced);
  }

  private static String failure(String forced, List<Way<String>> ways) {
    NoServerException failure =
        assertThrows(NoServerException.class, () -> choice(forced).among(ways));
    assertEquals("Cellar", failure.product());
    return String.valueOf(failure.getMessage());
  }

  private record Fake(String name, Applicability check) implements Way<String> {
    @Override
    public String start() {
      return name;
    }
  }
}
