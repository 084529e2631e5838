/** The delivery columns of an event's row: read and written here and nowhere else. */
@NullMarked
package io.sluice.handlers.internal.status;

import org.jspecify.annotations.NullMarked;
