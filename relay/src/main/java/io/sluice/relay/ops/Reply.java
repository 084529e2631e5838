package io.sluice.relay.ops;

/**
 * An HTTP response.
 *
 * @param status code
 * @param contentType of the body
 * @param body as text
 */
record Reply(int status, String contentType, String body) {

  static final int OK = 200;
  static final int NOT_FOUND = 404;
  static final int NOT_ALLOWED = 405;
  static final int UNAVAILABLE = 503;

  static final String JSON = "application/json";
  static final String TEXT = "text/plain; charset=utf-8";

  /** The text format of Prometheus. */
  static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  static Reply text(int status, String body) {
    return new Reply(status, TEXT, body + "\n");
  }
}
