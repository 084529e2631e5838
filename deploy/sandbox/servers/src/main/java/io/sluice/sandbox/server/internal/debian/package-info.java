/** Debian packages unpacked without installing them. */
@NullMarked
package io.sluice.sandbox.server.internal.debian;

import org.jspecify.annotations.NullMarked;
