/** Servers in containers, by Testcontainers. */
@NullMarked
package io.sluice.sandbox.server.internal.docker;

import org.jspecify.annotations.NullMarked;
