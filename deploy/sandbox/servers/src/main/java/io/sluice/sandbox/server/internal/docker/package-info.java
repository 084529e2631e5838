/** Containers that cannot outlive the JVM that started them. */
@NullMarked
package io.sluice.sandbox.server.internal.docker;

import org.jspecify.annotations.NullMarked;
