package io.sluice.sandbox.server.shared;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Replaces Maven: runs a test JVM, through a shell, for each line it reads. Argument: the folder of
 * the build, which is also the temporary folder.
 */
public final class BuildMain {
  private BuildMain() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      int status =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  "\"$@\"; exit $?",
                  "sh",
                  java,
                  "-Djava.io.tmpdir=" + arguments[0],
                  "-D" + SharedServers.BUILD_FOLDER + "=" + arguments[0] + File.separator + "build",
                  "-cp",
                  System.getProperty("java.class.path"),
                  TestJvmMain.class.getName())
              .redirectErrorStream(true)
              .redirectOutput(new File(arguments[0], order + ".log"))
              .start()
              .waitFor();
      System.out.println(order + " ended " + status);
    }
  }
}
