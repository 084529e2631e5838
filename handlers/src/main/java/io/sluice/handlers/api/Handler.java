package io.sluice.handlers.api;

/** Business code for events, of one of three kinds. */
public sealed interface Handler
    permits EventHandler, AsyncEventHandler, TransactionalEventHandler {}
