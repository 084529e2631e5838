package io.sluice.relay.shard;

/**
 * How connections to MySQL are protected. The other modes of MySQL are not offered because they
 * encrypt, but accept any certificate.
 */
public enum TlsMode {
  /** No encryption; for servers on the same machine or in a trusted network. */
  DISABLED,
  /** Encryption with verification of the server's certificate and host name. */
  VERIFY_IDENTITY
}
