/**
 * The sandbox command: starts everything, watches it work, and counts for itself what came of it.
 */
@NullMarked
package io.sluice.sandbox.demo;

import org.jspecify.annotations.NullMarked;
