package io.sluice.handlers;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Records log events until it is closed. */
public final class Logged implements AutoCloseable {

  private final Logger logger;
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  private Logged(Logger logger) {
    this.logger = logger;
  }

  public static Logged by(Class<?> type) {
    return by(type.getName());
  }

  /** Records the events of all loggers below this name. */
  public static Logged by(String name) {
    Logged logged = new Logged((Logger) LoggerFactory.getLogger(name));
    logged.appender.start();
    logged.logger.addAppender(logged.appender);
    return logged;
  }

  public List<ILoggingEvent> events() {
    return List.copyOf(appender.list);
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
  }
}
