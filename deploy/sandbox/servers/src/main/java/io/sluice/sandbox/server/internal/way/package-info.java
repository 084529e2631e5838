/** The ways to get a server, and the choice among them. */
@NullMarked
package io.sluice.sandbox.server.internal.way;

import org.jspecify.annotations.NullMarked;
