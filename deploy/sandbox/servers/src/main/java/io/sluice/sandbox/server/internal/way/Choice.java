package io.sluice.sandbox.server.internal.way;

import io.sluice.sandbox.server.api.NoServerException;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.Applicability.Misconfigured;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Chooses the first way that applies, or the forced one.
 *
 * @param product the server that is wanted
 * @param variable the environment variable that forces a way
 * @param forced the variable's value, empty if any way may be chosen
 */
public record Choice(String product, String variable, String forced) {

  /** The chosen way. */
  public <S> Way<S> among(List<Way<S>> ways) {
    if (!forced.isEmpty()) {
      return forcedAmong(ways);
    }
    List<String> reasons = new ArrayList<>();
    for (Way<S> way : ways) {
      Applicability applicability = way.check();
      if (applicability instanceof Applies) {
        return way;
      }
      reasons.add(way.name() + ": " + reason(applicability));
      if (applicability instanceof Misconfigured) {
        throw new NoServerException(
            product, "The environment asks for " + product + " wrongly:", reasons, remedy(ways));
      }
    }
    throw new NoServerException(
        product, "No way to get " + product + " applies here:", reasons, remedy(ways));
  }

  private <S> Way<S> forcedAmong(List<Way<S>> ways) {
    for (Way<S> way : ways) {
      if (way.name().equals(forced)) {
        return applying(way, ways);
      }
    }
    throw new NoServerException(
        product,
        variable + "=" + forced + " names no way to get " + product + ".",
        List.of(),
        remedy(ways));
  }

  private <S> Way<S> applying(Way<S> way, List<Way<S>> ways) {
    Applicability applicability = way.check();
    if (applicability instanceof Applies) {
      return way;
    }
    throw new NoServerException(
        product,
        variable + "=" + forced + " forces a way to get " + product + " that does not apply:",
        List.of(way.name() + ": " + reason(applicability)),
        remedy(ways));
  }

  private static String reason(Applicability applicability) {
    if (applicability instanceof DoesNotApply refusal) {
      return refusal.reason();
    }
    return applicability instanceof Misconfigured mistake ? mistake.reason() : "applies";
  }

  private <S> String remedy(List<Way<S>> ways) {
    return "Make one of them apply, or set "
        + variable
        + " to force one of: "
        + ways.stream().map(Way::name).collect(Collectors.joining(", "));
  }
}
