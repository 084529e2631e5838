package io.sluice.handlers.api;

/** Business code for events, in one of three kinds. */
public sealed interface Handler
    permits EventHandler, AsyncEventHandler, TransactionalEventHandler {}
