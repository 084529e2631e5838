/**
 * Processes that end with the JVM that started them: {@link
 * io.sluice.sandbox.server.process.Guard}.
 */
@NullMarked
package io.sluice.sandbox.server.process;

import org.jspecify.annotations.NullMarked;
