/** Makes events of what the engine captured. */
@NullMarked
package io.sluice.relay.decode;

import org.jspecify.annotations.NullMarked;
