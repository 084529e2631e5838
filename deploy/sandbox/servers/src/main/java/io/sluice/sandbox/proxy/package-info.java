/**
 * A TCP proxy for fault tests that understands enough of MySQL's protocol to cut or hold a binary
 * log stream in the middle of a transaction: {@link io.sluice.sandbox.proxy.FaultProxy}.
 *
 * <p>Bytes are never changed. A connection that is encrypted or compressed is passed on without
 * being looked into: the client whose stream is to be cut or held by events must use neither.
 */
@NullMarked
package io.sluice.sandbox.proxy;

import org.jspecify.annotations.NullMarked;
