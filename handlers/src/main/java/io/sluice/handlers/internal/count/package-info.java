/** What was done is counted here. */
@NullMarked
package io.sluice.handlers.internal.count;

import org.jspecify.annotations.NullMarked;
