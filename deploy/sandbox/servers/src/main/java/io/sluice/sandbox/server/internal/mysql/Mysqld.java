package io.sluice.sandbox.server.internal.mysql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server program on this machine.
 *
 * @param launcher the words that start it, the last one is the program
 * @param folders the arguments that name the folders of its installation
 * @param how how it was found, in a few words
 */
record Mysqld(List<String> launcher, List<String> folders, String how) {
  Mysqld {
    launcher = List.copyOf(launcher);
    folders = List.copyOf(folders);
  }

  /** The start of every command line that uses this data folder. */
  List<String> command(Path data) {
    List<String> command = new ArrayList<>(launcher);
    // Ignores this machine's settings. --no-defaults would also ignore what SET PERSIST stored.
    command.add("--defaults-file=/dev/null");
    command.addAll(folders);
    command.add("--datadir=" + data);
    command.add("--secure-file-priv=");
    command.add("--loose-mysqlx=OFF");
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--user=root");
    }
    return command;
  }

  /** A text that changes when another build of the program is installed. */
  String fingerprint() {
    Path program = Path.of(launcher.get(launcher.size() - 1));
    try {
      return launcher + " " + Files.size(program) + " " + Files.getLastModifiedTime(program);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
