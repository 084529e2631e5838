package io.sluice.relay.engine;

import org.jspecify.annotations.Nullable;

/**
 * How an engine ended.
 *
 * @param message the engine's own words
 * @param error what ended it; null if it stopped without one, asked to or not
 */
public record EngineEnd(String message, @Nullable Throwable error) {}
