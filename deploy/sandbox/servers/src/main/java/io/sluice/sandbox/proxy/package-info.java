/**
 * A TCP proxy for fault tests that understands enough of MySQL's protocol to cut or hold a binary
 * log stream in the middle of a transaction: {@link io.sluice.sandbox.proxy.FaultProxy}.
 *
 * <p>Bytes are never changed. An encrypted or compressed connection is forwarded without
 * inspection, so a client whose stream a test cuts or holds must use neither.
 */
@NullMarked
package io.sluice.sandbox.proxy;

import org.jspecify.annotations.NullMarked;
