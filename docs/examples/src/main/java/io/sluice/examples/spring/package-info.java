/** Handlers in a Spring application: the code of docs/spring-handlers.md. */
@NullMarked
package io.sluice.examples.spring;

import org.jspecify.annotations.NullMarked;
