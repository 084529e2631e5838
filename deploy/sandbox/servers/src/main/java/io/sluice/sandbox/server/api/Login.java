package io.sluice.sandbox.server.api;

/**
 * A MySQL user and its password. {@code toString} hides the password.
 *
 * @param user the user's name without a host
 * @param password the password, empty for none
 */
public record Login(String user, String password) {
  public Login {
    if (user.isBlank()) {
      throw new IllegalArgumentException("user is blank");
    }
  }

  @Override
  public String toString() {
    return "Login[user=" + user + ", password=***]";
  }
}
