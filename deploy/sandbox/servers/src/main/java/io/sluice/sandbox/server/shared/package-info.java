/** One pair of servers for all test JVMs of a build. */
@NullMarked
package io.sluice.sandbox.server.shared;

import org.jspecify.annotations.NullMarked;
