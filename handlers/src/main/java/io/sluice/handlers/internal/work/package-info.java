/** What is done with one event: look at its row, call the handler, write the outcome. */
@NullMarked
package io.sluice.handlers.internal.work;

import org.jspecify.annotations.NullMarked;
