/** Settings, addresses and errors of the servers. */
@NullMarked
package io.sluice.sandbox.server.api;

import org.jspecify.annotations.NullMarked;
