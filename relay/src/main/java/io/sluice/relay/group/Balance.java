package io.sluice.relay.group;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds who is to own what: everybody keeps what is theirs, what is nobody's goes to the lightest,
 * heaviest shares first, and then a share moves only if that brings two members' weights closer to
 * one another. Used by one thread.
 */
final class Balance {

  private static final Comparator<Map.Entry<Integer, Share>> HEAVIEST_FIRST =
      Comparator.<Map.Entry<Integer, Share>>comparingInt(entry -> -entry.getValue().weight())
          .thenComparingInt(Map.Entry::getKey);

  private final Claims claims;
  private final Map<Integer, String> promises;
  private final List<Load> loads;

  private Balance(Collection<Member> members, Claims claims, Map<Integer, String> promises) {
    this.claims = claims;
    this.promises = promises;
    this.loads = members.stream().map(Load::new).toList();
  }

  /**
   * Everything in {@code shares}, spread over the members.
   *
   * @param promises ids of members by partition, for those that are nobody's but on their way
   */
  static List<Load> of(
      Collection<Member> members,
      Claims claims,
      Map<Integer, String> promises,
      Map<Integer, Share> shares) {
    Balance balance = new Balance(members, claims, promises);
    balance.place(shares);
    balance.level();
    return balance.loads;
  }

  private void place(Map<Integer, Share> shares) {
    List<Map.Entry<Integer, Share>> free =
        shares.entrySet().stream()
            .sorted(HEAVIEST_FIRST)
            .filter(entry -> !pin(entry.getKey(), entry.getValue()))
            .toList();
    List<Map.Entry<Integer, Share>> homeless =
        free.stream().filter(entry -> !keep(entry.getKey(), entry.getValue())).toList();
    homeless.forEach(entry -> lightest().add(entry.getKey(), entry.getValue().weight()));
  }

  /** Whether the relay it is pinned to is there, and has it now. */
  private boolean pin(int partition, Share share) {
    Optional<Load> home =
        loads.stream()
            .filter(load -> share.pinnedTo().isPresent())
            .filter(load -> load.member().instance().equals(share.pinnedTo()))
            .findFirst();
    home.ifPresent(load -> load.pin(partition, share.weight()));
    return home.isPresent();
  }

  /** Whether it has an owner or was promised to a member, and stays there for now. */
  private boolean keep(int partition, Share share) {
    Optional<Load> home =
        loads.stream()
            .filter(load -> isKept(load, partition) || isPromised(load, partition))
            .findFirst();
    home.ifPresent(load -> load.add(partition, share.weight()));
    return home.isPresent();
  }

  private boolean isPromised(Load load, int partition) {
    return claims.owner(partition).isEmpty() && load.member().id().equals(promises.get(partition));
  }

  private boolean isKept(Load load, int partition) {
    return claims.owner(partition).filter(load.member()::equals).isPresent();
  }

  private Load lightest() {
    return loads.stream().min(Load.LIGHTEST_FIRST).orElseThrow();
  }

  /** Ends, for every move makes the sum of the squares of all weights smaller. */
  private void level() {
    Optional<Move> move = nextMove();
    while (move.isPresent()) {
      move.get().make();
      move = nextMove();
    }
  }

  /** One that interrupts nobody, if there is one. */
  private Optional<Move> nextMove() {
    return bestMove(move -> !isKept(move.from, move.partition))
        .or(() -> bestMove(move -> isKept(move.from, move.partition)));
  }

  /** Between the two furthest apart, the one that brings them closest. */
  private Optional<Move> bestMove(Predicate<Move> wanted) {
    return loads.stream()
        .flatMap(from -> loads.stream().flatMap(to -> moves(from, to)))
        .filter(wanted)
        .min(Move.BEST_FIRST);
  }

  private static Stream<Move> moves(Load from, Load to) {
    long apart = from.weight() - to.weight();
    return from.movable().entrySet().stream()
        .map(entry -> new Move(from, to, entry.getKey(), entry.getValue(), apart))
        .filter(move -> move.weight > 0 && move.weight < apart);
  }

  /**
   * A share that might go from one to the other.
   *
   * @param apart how far their weights differ
   */
  private record Move(Load from, Load to, int partition, int weight, long apart) {

    static final Comparator<Move> BEST_FIRST =
        Comparator.comparingLong((Move move) -> -move.apart)
            .thenComparingLong(Move::apartThen)
            .thenComparingInt(Move::weight)
            .thenComparing(Move::to, Load.LIGHTEST_FIRST)
            .thenComparingInt(Move::partition);

    private long apartThen() {
      return Math.abs(apart - 2L * weight);
    }

    void make() {
      from.moveTo(to, partition);
    }
  }
}
