package io.sluice.sandbox.server.internal.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.sluice.sandbox.server.api.ServerStartException;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/**
 * Has the engine fetch an image it lacks, in one attempt. Left to itself, Testcontainers tries
 * again for minutes where no registry can be reached.
 */
final class ImagePull {
  private static final int BOUND_MINUTES = 10;

  private ImagePull() {}

  static void unlessPresent(String name) {
    String image =
        ImageNameSubstitutor.instance().apply(DockerImageName.parse(name)).asCanonicalNameString();
    DockerClient client = DockerClientFactory.instance().client();
    if (!isPresent(client, image)) {
      pull(client, image);
    }
  }

  private static boolean isPresent(DockerClient client, String image) {
    try {
      client.inspectImageCmd(image).exec();
      return true;
    } catch (NotFoundException absent) {
      return false;
    }
  }

  private static void pull(DockerClient client, String image) {
    try {
      boolean complete =
          client
              .pullImageCmd(image)
              .exec(new PullImageResultCallback())
              .awaitCompletion(BOUND_MINUTES, TimeUnit.MINUTES);
      if (!complete) {
        throw new ServerStartException(
            "The image " + image + " was not fetched within " + BOUND_MINUTES + " minutes");
      }
    } catch (DockerException | DockerClientException e) {
      throw new ServerStartException(
          "The Docker engine lacks the image "
              + image
              + " and cannot fetch it: "
              + e.getMessage()
              + "\n"
              + SandboxEnvironment.MYSQL_WAY
              + " and "
              + SandboxEnvironment.KAFKA_WAY
              + " name other ways than docker.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while " + image + " was fetched");
    }
  }
}
