/** What the flow of events knows of their rows, and how it asks and tells them. */
@NullMarked
package io.sluice.handlers.internal.row;

import org.jspecify.annotations.NullMarked;
