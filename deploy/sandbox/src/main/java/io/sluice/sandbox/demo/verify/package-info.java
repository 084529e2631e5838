/** Counts events in tables and topics, independently of the components that wrote them. */
@NullMarked
package io.sluice.sandbox.demo.verify;

import org.jspecify.annotations.NullMarked;
