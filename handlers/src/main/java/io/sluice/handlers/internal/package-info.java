/** Classes that several internal packages of the runtime use. */
@NullMarked
package io.sluice.handlers.internal;

import org.jspecify.annotations.NullMarked;
