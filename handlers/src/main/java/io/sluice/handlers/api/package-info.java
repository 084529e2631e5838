/** What business code implements, what it is given, and the exceptions of this module. */
@NullMarked
package io.sluice.handlers.api;

import org.jspecify.annotations.NullMarked;
