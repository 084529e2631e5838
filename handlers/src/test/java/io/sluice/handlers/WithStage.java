package io.sluice.handlers;

import io.sluice.sandbox.junit.SandboxTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Provides each test of a class with a {@link Stage} as a constructor parameter. The tests of the
 * class share accounts, clients and database connections.
 */
@SandboxTest
@ExtendWith(StageExtension.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface WithStage {}
