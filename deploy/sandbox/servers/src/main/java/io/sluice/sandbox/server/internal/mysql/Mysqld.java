package io.sluice.sandbox.server.internal.mysql;

import java.util.List;

/**
 * A server program on this machine.
 *
 * @param launcher the words that start it
 * @param folders the arguments that tell it where its own files are
 * @param how how it was got, a few words
 */
record Mysqld(List<String> launcher, List<String> folders, String how) {
  Mysqld {
    launcher = List.copyOf(launcher);
    folders = List.copyOf(folders);
  }
}
