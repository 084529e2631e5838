package io.sluice.handlers;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.InvalidSettingsException;
import io.sluice.handlers.api.TransactionalEventHandler;
import io.sluice.handlers.api.Unhandled;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.dispatch.HandlerKey;
import io.sluice.outbox.TopicTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects the problems of a runtime's settings. Not thread-safe. */
final class SettingsProblems {

  // Kafka accepts nearly any group name. These are also safe in metrics, paths and commands.
  private static final Pattern GROUP_PREFIX = Pattern.compile("[A-Za-z0-9._-]{1,180}");

  private static final int MAX_TYPE_LENGTH = 255;

  // A statement of this many rows has about 400 kB. More rows would not be faster.
  private static final int MAX_BATCH = 5_000;

  private static final Duration MAX_LINGER = Duration.ofSeconds(1);

  private static final Duration MAX_ROW_RETENTION = Duration.ofDays(10_000);

  private final List<String> problems = new ArrayList<>();

  SettingsProblems copy() {
    SettingsProblems copy = new SettingsProblems();
    copy.addAll(problems);
    return copy;
  }

  void add(String problem) {
    problems.add(problem);
  }

  void addAll(Collection<String> more) {
    problems.addAll(more);
  }

  void check(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  void checkType(HandlerKey key) {
    String type = key.types();
    check(
        !type.isBlank() && type.codePointCount(0, type.length()) <= MAX_TYPE_LENGTH,
        "a handler is registered for %s: event types have 1 to %d characters and are not blank"
            .formatted(key, MAX_TYPE_LENGTH));
    int star = type.indexOf('*');
    check(
        star < 0 || star == type.length() - 1,
        "a handler is registered for %s: '*' stands for the rest of a type, so it comes once and last"
            .formatted(key));
  }

  void checkTopics(TopicTemplate topics) {
    check(
        topics.isByDomain(),
        "by topics '%s' a domain has several topics, and handlers read one: use ${domain} alone"
            .formatted(topics));
  }

  void checkShards(boolean isOwner, boolean given) {
    check(given || !isOwner, "no shards are given: call shards(…) with their data sources");
  }

  void checkUnhandled(boolean hasFallback, @Nullable Unhandled policy) {
    check(
        hasFallback || policy != null,
        "no policy is given for events without a handler: call unhandled(…) or fallback(…)");
    check(
        !hasFallback || policy == null,
        "unhandled(%s) has no effect beside fallback(…): keep one".formatted(policy));
  }

  void checkGroupPrefix(String prefix, boolean isOwner) {
    check(
        GROUP_PREFIX.matcher(prefix).matches(),
        "groupPrefix '%s' is not of the form %s: use a short name such as 'sluice.handlers.'"
            .formatted(prefix, GROUP_PREFIX));
    check(
        isOwner || !prefix.equals(HandlerRuntimeBuilder.DEFAULT_GROUP_PREFIX),
        "an observer's groups would be called '%s…' like the owners', and take events from them: give"
                .formatted(prefix)
            + " observer(…) another prefix");
  }

  void checkObserver(HandlerRuntimeBuilder builder) {
    if (builder.isOwner) {
      return;
    }
    builder.handlers.forEach(
        (key, given) ->
            check(
                !(given.handler() instanceof TransactionalEventHandler),
                "the handler for %s is transactional, and an observer has no rows: use handler(…)"
                    .formatted(key)));
    check(
        builder.afterFailure == AfterFailure.CONTINUE,
        "afterFailure(PARK) needs rows, and an observer has none: leave it out");
  }

  void checkOrder(WhileWaiting whileWaiting, AfterFailure afterFailure) {
    check(
        whileWaiting != WhileWaiting.PASS || afterFailure != AfterFailure.PARK,
        "whileWaiting(PASS) gives the order up that afterFailure(PARK) keeps: leave one of them out");
  }

  void checkPositive(String setting, long value) {
    check(value > 0, "%s is %d: it must be 1 or more".formatted(setting, value));
  }

  void checkBatchSize(int size) {
    check(
        size >= 1 && size <= MAX_BATCH,
        "writeBack of %d events: it must be from 1 to %d".formatted(size, MAX_BATCH));
  }

  void checkLinger(Duration linger) {
    check(
        !linger.isNegative() && linger.compareTo(MAX_LINGER) <= 0,
        "writeBack linger is %d ms: it must be from 0 to %d ms"
            .formatted(linger.toMillis(), MAX_LINGER.toMillis()));
  }

  void checkRowRetention(Duration retention) {
    check(
        !retention.isNegative() && retention.compareTo(MAX_ROW_RETENTION) <= 0,
        "rowRetention is %d s: it must be from 0 s to %d days"
            .formatted(retention.toSeconds(), MAX_ROW_RETENTION.toDays()));
  }

  void checkPositive(String setting, Duration value) {
    check(
        !value.isNegative() && !value.isZero(),
        "%s is %d ms: it must be longer than 0 ms".formatted(setting, value.toMillis()));
    checkNotTooLong(setting, value);
  }

  private void checkNotTooLong(String setting, Duration value) {
    check(
        value.compareTo(Duration.ofDays(1)) <= 0,
        "%s is %d s: a day is the longest".formatted(setting, value.toSeconds()));
  }

  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
  }
}
