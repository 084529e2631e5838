package io.sluice.handlers.api;

/** Business code for events, of one of three types. */
public sealed interface Handler
    permits EventHandler, AsyncEventHandler, TransactionalEventHandler {}
