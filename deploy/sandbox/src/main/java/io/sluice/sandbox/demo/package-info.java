/**
 * The sandbox command: starts servers and processes, watches them, and verifies the result by
 * counting.
 */
@NullMarked
package io.sluice.sandbox.demo;

import org.jspecify.annotations.NullMarked;
