/** From the topic to the workers and, once they are done, the offset back to the topic. */
@NullMarked
package io.sluice.handlers.internal.consume;

import org.jspecify.annotations.NullMarked;
