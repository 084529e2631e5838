/** A service and its workers, as their users write them: the code of docs/service.md. */
@NullMarked
package io.sluice.examples.trading;

import org.jspecify.annotations.NullMarked;
