/** Whether and when something that failed is tried again. */
@NullMarked
package io.sluice.handlers.internal.retry;

import org.jspecify.annotations.NullMarked;
