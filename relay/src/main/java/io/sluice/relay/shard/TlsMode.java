package io.sluice.relay.shard;

/**
 * How connections to MySQL are protected. MySQL's modes in between are left out on purpose: they
 * encrypt, but accept any certificate.
 */
public enum TlsMode {
  /** Not at all; for servers on the same machine or a trusted network. */
  DISABLED,
  /** Encrypted, with the server's certificate and host name verified. */
  VERIFY_IDENTITY
}
