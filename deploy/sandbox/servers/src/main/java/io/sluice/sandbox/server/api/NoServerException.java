package io.sluice.sandbox.server.api;

import java.util.List;

/** No way to get a server applies on this machine, or the selected way does not apply. */
public final class NoServerException extends SandboxException {
  private static final long serialVersionUID = 1L;

  private final String product;
  private final String[] reasons;

  /**
   * @param product the server that was wanted, for example {@code MySQL}
   * @param problem why no way could be chosen
   * @param reasons for each way that was tried, its name and why it did not apply
   * @param remedy how to fix the problem
   */
  public NoServerException(String product, String problem, List<String> reasons, String remedy) {
    super(text(problem, reasons, remedy), null);
    this.product = product;
    this.reasons = reasons.toArray(String[]::new);
  }

  /** The server that was wanted. */
  public String product() {
    return product;
  }

  /** For each way that was tried, its name and why it did not apply. */
  public List<String> reasons() {
    return List.of(reasons);
  }

  private static String text(String problem, List<String> reasons, String remedy) {
    StringBuilder text = new StringBuilder(problem);
    reasons.forEach(reason -> text.append("\n  - ").append(reason));
    return text.append('\n').append(remedy).toString();
  }
}
