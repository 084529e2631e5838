/** The command line: one class for each command, and its reports as text or JSON. */
@NullMarked
package io.sluice.relay.cli;

import org.jspecify.annotations.NullMarked;
