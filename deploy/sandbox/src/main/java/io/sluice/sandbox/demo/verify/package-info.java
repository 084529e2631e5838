/** Counts events in tables and topics, without asking the components that put them there. */
@NullMarked
package io.sluice.sandbox.demo.verify;

import org.jspecify.annotations.NullMarked;
