/** The statements on the delivery columns of events' rows: these and no others. */
@NullMarked
package io.sluice.handlers.internal.table;

import org.jspecify.annotations.NullMarked;
