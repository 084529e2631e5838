package io.sluice.sandbox.demo.trading;

import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.ShardId;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A mixed load of business transactions that ends when a number of events is committed.
 * Thread-safe; any number of threads can share a day.
 */
final class TradingDay {

  private static final List<String> SYMBOLS =
      List.of("AAPL", "GOOGL", "MSFT", "NVDA", "TSLA", "AMZN", "META", "NFLX");

  private static final int USERS = 100;
  private static final int REFUSED_EVERY = 25;

  private final TradingService trading;
  private final List<ShardId> shards;
  private final Allowance allowance;
  private final Pace pace;
  private final long events;
  private final AtomicLong next = new AtomicLong();

  TradingDay(
      TradingService trading, List<ShardId> shards, long events, Allowance allowance, Pace pace) {
    this.trading = trading;
    this.shards = List.copyOf(shards);
    this.events = events;
    this.allowance = allowance;
    this.pace = pace;
  }

  /** Writes events until all events of the day are written. */
  void work() throws Exception {
    long n = take(1);
    while (n <= events) {
      allowance.await(n);
      pace.awaitTurn(n);
      if (n % REFUSED_EVERY == 0) {
        placeRefusedOrder(n);
      }
      write(n);
      n = take(1);
    }
  }

  /**
   * Reserves the numbers of the next events.
   *
   * @return the first number
   */
  private long take(int count) {
    return next.getAndAdd(count) + 1;
  }

  private void write(long n) throws Exception {
    EventHeaders headers = Trouble.of(n);
    String symbol = SYMBOLS.get((int) (n / 7 % SYMBOLS.size()));
    switch ((int) (n % 7)) {
      case 0 -> trading.registerUser("user-" + n, "Zoë 😀 " + n, headers);
      case 1, 4 -> trading.placeOrder(shard(n), user(n), new BigDecimal("100.00"), headers);
      case 2 -> trading.triggerPriceAlert(shard(n), symbol, new BigDecimal("187.50"), headers);
      case 3 -> fillOrder(n, headers); // usually replaces the next order
      case 5 -> trading.sendChatMessage(shard(n), "room-" + n % 10, message(n), headers);
      default -> trading.issueSignal(symbol, n % 2 == 0 ? "BUY" : "SELL", headers);
    }
  }

  /** Writes two events. The second one uses another number, if one is left. */
  private void fillOrder(long n, EventHeaders headers) throws Exception {
    long second = take(1);
    if (second <= events) {
      trading.fillOrder(shard(n), "order-" + n, headers, Trouble.of(second));
    } else {
      trading.issueSignal(SYMBOLS.get(0), "HOLD", headers);
    }
  }

  private static String message(long n) {
    return "{\"text\": \"message %d 🚀\", \"b\": 1, \"a\": 100.00}".formatted(n);
  }

  private ShardId shard(long n) {
    return shards.get((int) (n / 7 % shards.size()));
  }

  private static String user(long n) {
    return "user-" + n % USERS;
  }

  /** A transaction that is rolled back after its business row was written. */
  private void placeRefusedOrder(long n) throws Exception {
    try {
      trading.placeOrder(shard(n), user(n), new BigDecimal("99999.00"), EventHeaders.NONE);
    } catch (OrderRefusedException refused) {
      return;
    }
    throw new IllegalStateException("an order beyond the credit was not refused");
  }
}
