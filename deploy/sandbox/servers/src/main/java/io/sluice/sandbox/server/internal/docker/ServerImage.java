package io.sluice.sandbox.server.internal.docker;

/**
 * A container image of a server.
 *
 * @param name the image with its tag
 * @param port the port the server listens on inside
 */
public record ServerImage(String name, int port) {}
