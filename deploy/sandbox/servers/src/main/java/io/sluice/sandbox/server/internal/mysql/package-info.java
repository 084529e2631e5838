/** The ways to get MySQL. */
@NullMarked
package io.sluice.sandbox.server.internal.mysql;

import org.jspecify.annotations.NullMarked;
