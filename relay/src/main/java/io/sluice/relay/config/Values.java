package io.sluice.relay.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses single values. An invalid text is an IllegalArgumentException that states the rule. */
public final class Values {

  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,18}");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Values() {}

  /** A duration such as {@code 500ms}, {@code 30s}, {@code 10m}, {@code 12h} or {@code 7d}. */
  public static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    require(matcher.matches(), text, "a number and its unit: ms, s, m, h or d, such as 30s");
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** A duration, or empty for {@code never}. */
  static Optional<Duration> durationOrNever(String text) {
    return text.equals("never") ? Optional.empty() : Optional.of(duration(text));
  }

  static boolean truth(String text) {
    require(text.equals("true") || text.equals("false"), text, "true or false");
    return text.equals("true");
  }

  static Function<String, Long> number(long min, long max) {
    return text -> {
      String rule = "a whole number from %d to %d".formatted(min, max);
      require(NUMBER.matcher(text).matches(), text, rule);
      long number = Long.parseLong(text);
      require(number >= min && number <= max, text, rule);
      return number;
    };
  }

  static Function<String, Integer> integer(int min, int max) {
    return number(min, max).andThen(Math::toIntExact);
  }

  /** A text that matches this pattern. */
  static Function<String, String> form(Pattern pattern) {
    return text -> {
      require(pattern.matcher(text).matches(), text, "of the form " + pattern);
      return text;
    };
  }

  /** One of an enum's values, written in lower case with hyphens. */
  static <E extends Enum<E>> Function<String, E> choice(Class<E> type) {
    return text -> {
      List<String> names = new ArrayList<>();
      for (E constant : type.getEnumConstants()) {
        names.add(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      }
      require(names.contains(text), text, String.join(" or ", names));
      return type.getEnumConstants()[names.indexOf(text)];
    };
  }

  private static void require(boolean isValid, String text, String rule) {
    if (!isValid) {
      throw new IllegalArgumentException("'%s' must be %s".formatted(text, rule));
    }
  }
}
