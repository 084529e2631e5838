package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.Login;
import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.internal.way.Applicability;
import io.sluice.sandbox.server.internal.way.Applicability.Applies;
import io.sluice.sandbox.server.internal.way.Applicability.DoesNotApply;
import io.sluice.sandbox.server.internal.way.Applicability.Misconfigured;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.internal.way.Way;
import io.sluice.sandbox.server.process.ForeignControl;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running server that environment variables name. */
record EnvironmentMySql(SandboxEnvironment environment, MySqlSettings settings)
    implements Way<RunningMySql> {
  private static final Pattern URL =
      Pattern.compile(
          "jdbc:mysql://(?<host>\\[[^]]+]|[^:/?\\[\\],()]+)(:(?<port>[0-9]{1,5}))?/?(\\?(?<parameters>.*))?");
  private static final String DEFAULT_PORT = "3306";

  @Override
  public String name() {
    return "environment";
  }

  @Override
  public Applicability check() {
    Optional<String> url = environment.value(SandboxEnvironment.MYSQL_URL);
    if (url.isEmpty()) {
      return new DoesNotApply(SandboxEnvironment.MYSQL_URL + " is not set");
    }
    if (!URL.matcher(url.get()).matches()) {
      return new Misconfigured(
          SandboxEnvironment.MYSQL_URL
              + " must read jdbc:mysql://host:port/ with one host and no database");
    }
    if (environment.value(SandboxEnvironment.MYSQL_USER).isEmpty()) {
      return new Misconfigured(
          SandboxEnvironment.MYSQL_URL
              + " is set, so "
              + SandboxEnvironment.MYSQL_USER
              + " must name an administrative account");
    }
    return settings.equals(MySqlSettings.DEFAULT)
        ? new Applies()
        : new DoesNotApply("mysqld settings are wanted, which a running server cannot be given");
  }

  @Override
  public boolean isOurs() {
    return false;
  }

  @Override
  public RunningMySql start() {
    MySqlAddress address = address();
    return new RunningMySql(
        address,
        MySqlProbe.version(address),
        "environment",
        new ForeignControl(
            "the environment named it; set "
                + SandboxEnvironment.MYSQL_WAY
                + " to have one started"));
  }

  MySqlAddress address() {
    Matcher url = URL.matcher(environment.value(SandboxEnvironment.MYSQL_URL).orElse(""));
    if (!url.matches()) {
      throw new IllegalStateException("check() was not asked first");
    }
    return new MySqlAddress(
        url.group("host"),
        Integer.parseInt(Optional.ofNullable(url.group("port")).orElse(DEFAULT_PORT)),
        Optional.ofNullable(url.group("parameters")).orElse(""),
        new Login(
            environment.value(SandboxEnvironment.MYSQL_USER).orElseThrow(),
            environment.value(SandboxEnvironment.MYSQL_PASSWORD).orElse("")));
  }
}
