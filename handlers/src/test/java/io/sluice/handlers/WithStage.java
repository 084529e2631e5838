package io.sluice.handlers;

import io.sluice.sandbox.junit.SandboxTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of a class a {@link Stage} as a parameter of the constructor. Accounts, clients
 * and database connections are shared by the tests of the class.
 */
@SandboxTest
@ExtendWith(StageExtension.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface WithStage {}
