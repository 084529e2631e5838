/** The interfaces of handlers, the event that they receive, and exceptions. */
@NullMarked
package io.sluice.handlers.api;

import org.jspecify.annotations.NullMarked;
