/**
 * The rows that a redrive is about: chosen, locked, looked at, deleted and inserted again on one
 * connection.
 */
@NullMarked
package io.sluice.redrive.internal.rows;

import org.jspecify.annotations.NullMarked;
