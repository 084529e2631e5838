/** The ways to get a server, and the choice of one. */
@NullMarked
package io.sluice.sandbox.server.internal.way;

import org.jspecify.annotations.NullMarked;
