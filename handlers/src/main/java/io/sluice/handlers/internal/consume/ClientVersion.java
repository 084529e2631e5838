package io.sluice.handlers.internal.consume;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.AppInfoParser;

/** The version of kafka-clients on the class path, which the application's build may choose. */
public final class ClientVersion {

  private static final int MAJOR = 3;
  private static final int MINOR = 9;

  private static final Pattern NUMBERS = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4}).*");

  private ClientVersion() {}

  /** The problem of the version, if it is too old. */
  public static Optional<String> problem() {
    return problem(AppInfoParser.getVersion());
  }

  /** The problem of this version. An unknown version has none. */
  static Optional<String> problem(String version) {
    Matcher numbers = NUMBERS.matcher(version);
    if (!numbers.matches()) {
      return Optional.empty();
    }
    int major = Integer.parseInt(numbers.group(1));
    int minor = Integer.parseInt(numbers.group(2));
    boolean isSupported = major > MAJOR || (major == MAJOR && minor >= MINOR);
    return isSupported
        ? Optional.empty()
        : Optional.of(
            "kafka-clients %s is on the class path, and the runtime needs %d.%d or later: set the version of"
                    .formatted(version, MAJOR, MINOR)
                + " org.apache.kafka:kafka-clients in your build, with Spring Boot by the property"
                + " kafka.version");
  }
}
