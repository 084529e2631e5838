package io.sluice.sandbox.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.sandbox.server.api.ProxyException;
import io.sluice.sandbox.server.process.Await;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests the proxy with fakes of both sides: the test writes the bytes of the client and of the
 * server.
 */
@Timeout(60)
class FaultProxyTest {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final byte[] MAP = Wire.event(Wire.TABLE_MAP, 30);
  private static final byte[] ROW = Wire.event(Wire.WRITE_ROWS, 500);
  private static final byte[] LOGIN = Wire.login(0x0200);

  private ServerSocket target;
  private FaultProxy proxy;

  @BeforeEach
  void open() throws IOException {
    target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    proxy = FaultProxy.to("127.0.0.1", target.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    target.close();
  }

  @Test
  void forwardsBothWaysAndPassesTheClientsEndOn() throws IOException {
    try (Sides sides = connect()) {
      sides.clientSends(LOGIN);
      sides.serverSends(ROW);
      sides.clientSends(Wire.command(0x03));
      proxy.awaitTraffic(traffic -> traffic.connections() == 1, BOUND);
      assertEquals(0, proxy.traffic().dumps());

      sides.client().close();
      assertEquals(-1, sides.server().getInputStream().read());
      proxy.awaitTraffic(traffic -> traffic.connections() == 0, BOUND);
    }
  }

  @Test
  void passesTheServersEndOnAfterItsLastBytes() throws IOException {
    try (Sides sides = connect()) {
      sides.server().getOutputStream().write(ROW);
      sides.server().close();
      assertArrayEquals(ROW, sides.client().getInputStream().readAllBytes());
      proxy.awaitTraffic(traffic -> traffic.connections() == 0, BOUND);
      assertEquals(0, proxy.traffic().cuts());
    }
  }

  @Test
  void cutsADumpAfterTheOrderedEventAndNotAgain() throws IOException {
    proxy.cutAfterWriteRowsEvents(2, Cut.CLOSE);
    try (Sides sides = connectDump()) {
      sides.server().getOutputStream().write(Wire.concat(MAP, ROW, MAP, ROW, MAP, ROW));
      assertArrayEquals(
          Wire.concat(MAP, ROW, MAP, ROW), sides.client().getInputStream().readAllBytes());
      assertTrue(Await.until(BOUND, () -> isGone(sides.server())));
    }
    try (Sides again = connectDump()) {
      again.serverSends(Wire.concat(MAP, ROW, MAP, ROW, MAP, ROW));
    }
    awaitTraffic(new Traffic(0, 0, 2, 5, 0, 1));
  }

  @Test
  void cutsADumpByAReset() throws IOException {
    proxy.cutAfterWriteRowsEvents(1, Cut.RESET);
    try (Sides sides = connectDump()) {
      sides.server().getOutputStream().write(Wire.concat(ROW, ROW));
      assertThrows(
          SocketException.class, () -> sides.client().getInputStream().readNBytes(ROW.length + 1));
      assertThrows(SocketException.class, () -> sides.server().getInputStream().read());
    }
    awaitTraffic(new Traffic(0, 0, 1, 1, 0, 1));
  }

  @Test
  void neitherCountsNorCutsWhatIsNoDump() throws IOException {
    proxy.cutAfterWriteRowsEvents(1, Cut.RESET);
    try (Sides query = connect();
        Sides encrypted = connect()) {
      query.clientSends(Wire.concat(LOGIN, Wire.command(0x03)));
      query.serverSends(Wire.concat(ROW, ROW));
      encrypted.clientSends(Wire.login(1 << 11));
      encrypted.clientSends(new byte[] {0x16, 3, 3});
      encrypted.clientSends(Wire.command(0x1e));
      encrypted.serverSends(Wire.concat(ROW, ROW));
      awaitTraffic(new Traffic(2, 1, 0, 0, 0, 0));
    }
  }

  @Test
  void holdsADumpBeforeTheOrderedEventUntilItIsReleased() throws IOException {
    proxy.holdBeforeWriteRowsEvent(2);
    try (Sides sides = connectDump()) {
      sides.server().getOutputStream().write(Wire.concat(MAP, ROW, MAP, ROW));
      sides.clientGets(Wire.concat(MAP, ROW, MAP));
      proxy.awaitTraffic(traffic -> traffic.held() == 1, BOUND);
      sides.clientGetsNothing();

      proxy.release();
      sides.clientGets(ROW);
      assertEquals(0, proxy.traffic().held());
    }
  }

  @Test
  void endsAHeldDumpWhenItsClientGoes() throws IOException {
    proxy.holdBeforeWriteRowsEvent(1);
    try (Sides sides = connectDump()) {
      sides.server().getOutputStream().write(ROW);
      proxy.awaitTraffic(traffic -> traffic.held() == 1, BOUND);
      sides.client().close();
      proxy.awaitTraffic(traffic -> traffic.held() == 0 && traffic.connections() == 0, BOUND);
    }
  }

  @Test
  void keepsAFrozenLinkOpenAndForwardsLater() throws IOException {
    try (Sides sides = connect()) {
      proxy.freeze(Direction.TO_CLIENT);
      sides.server().getOutputStream().write(ROW);
      sides.clientSends(LOGIN);
      sides.clientGetsNothing();

      proxy.freeze();
      sides.client().getOutputStream().write(LOGIN);
      sides.clientGetsNothing();
      assertEquals(0, sides.server().getInputStream().available());

      proxy.thaw();
      sides.clientGets(ROW);
      assertArrayEquals(LOGIN, sides.server().getInputStream().readNBytes(LOGIN.length));
    }
  }

  @Test
  void doesNotTellTheServerOfAFrozenLinkThatItsClientHasGone() throws IOException {
    try (Sides sides = connect()) {
      sides.clientSends(LOGIN);
      proxy.freeze();
      sides.client().close();
      sides.server().setSoTimeout(Sides.NOTHING_FOR_MILLIS);
      assertThrows(SocketTimeoutException.class, () -> sides.server().getInputStream().read());
      assertEquals(1, proxy.traffic().connections());

      proxy.thaw();
      sides.server().setSoTimeout(Math.toIntExact(BOUND.toMillis()));
      assertEquals(-1, sides.server().getInputStream().read());
    }
  }

  @Test
  void cutsAllConnectionsNowFrozenOrNot() throws IOException {
    try (Sides one = connect();
        Sides other = connect()) {
      proxy.awaitTraffic(traffic -> traffic.connections() == 2, BOUND);
      proxy.freeze();
      one.server().getOutputStream().write(ROW);
      proxy.cutAll(Cut.CLOSE);
      assertEquals(-1, one.client().getInputStream().read());
      assertEquals(-1, other.client().getInputStream().read());
    }
    proxy.thaw();
    try (Sides sides = connect()) {
      proxy.awaitTraffic(traffic -> traffic.connections() == 1, BOUND);
      proxy.cutAll(Cut.RESET);
      assertThrows(SocketException.class, () -> sides.client().getInputStream().read());
    }
    awaitTraffic(new Traffic(0, 0, 0, 0, 0, 3));
  }

  @Test
  void refusesNewConnectionsForAWhileAndKeepsTheOthers() throws IOException {
    try (Sides sides = connect()) {
      proxy.refuse();
      proxy.refuse();
      assertThrows(ConnectException.class, this::connect);
      sides.serverSends(ROW);

      proxy.accept();
      proxy.accept();
      connect().close();
    }
  }

  @Test
  void sendsLaterConnectionsToAnotherServer() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Sides before = connect()) {
      proxy.pointTo("127.0.0.1", other.getLocalPort());
      try (Sides after = Sides.connect(proxy, other)) {
        after.serverSends(ROW);
        before.serverSends(ROW);
      }
    }
  }

  @Test
  void closesAClientWhoseServerIsNotThere() throws IOException {
    target.close();
    try (Socket client = new Socket(proxy.host(), proxy.port())) {
      assertEquals(-1, client.getInputStream().read());
    }
  }

  @Test
  void endsConnectionsAndThreadsWhenItIsClosed() throws IOException {
    try (Sides held = connectDump();
        Sides frozen = connect();
        Sides cut = connect()) {
      proxy.holdBeforeWriteRowsEvent(1);
      held.server().getOutputStream().write(ROW);
      proxy.awaitTraffic(traffic -> traffic.held() == 1 && traffic.connections() == 3, BOUND);
      proxy.freeze();
      frozen.server().getOutputStream().write(ROW);
      proxy.cutAll(Cut.CLOSE);
      assertTrue(threads() > 0, "the client that was cut has not closed its side");

      proxy.close();
      proxy.close();

      assertEquals(0, threads());
      assertEquals(-1, cut.client().getInputStream().read());
      assertThrows(ConnectException.class, this::connect);
    }
  }

  @Test
  void saysWhatTheTrafficIsWhenWhatIsAwaitedDoesNotCome() {
    String message =
        assertThrows(
                ProxyException.class,
                () -> proxy.awaitTraffic(traffic -> traffic.dumps() == 1, Duration.ofMillis(10)))
            .toString();
    assertTrue(message.contains("within PT0.01S: Traffic[connections=0, opaque=0"), message);
    assertThrows(IllegalArgumentException.class, () -> proxy.cutAfterWriteRowsEvents(0, Cut.CLOSE));
  }

  private Sides connect() throws IOException {
    return Sides.connect(proxy, target);
  }

  private Sides connectDump() throws IOException {
    Sides sides = connect();
    sides.clientSends(Wire.concat(LOGIN, Wire.command(0x1e)));
    return sides;
  }

  private void awaitTraffic(Traffic expected) {
    proxy.awaitTraffic(expected::equals, BOUND);
  }

  private long threads() {
    String prefix = "fault-proxy-" + proxy.port();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .count();
  }

  private static boolean isGone(Socket socket) {
    try {
      socket.getOutputStream().write(1);
      return false;
    } catch (IOException gone) {
      return true;
    }
  }

  /** Both ends of a connection through the proxy. */
  private record Sides(Socket client, Socket server) implements AutoCloseable {
    /**
     * How long the test waits to verify that no bytes arrive. A shorter wait could miss bytes that
     * arrive late.
     */
    private static final int NOTHING_FOR_MILLIS = 200;

    static Sides connect(FaultProxy proxy, ServerSocket target) throws IOException {
      Socket client = new Socket(proxy.host(), proxy.port());
      client.setSoTimeout(Math.toIntExact(BOUND.toMillis()));
      Socket server = target.accept();
      server.setSoTimeout(Math.toIntExact(BOUND.toMillis()));
      return new Sides(client, server);
    }

    void clientSends(byte[] bytes) throws IOException {
      client.getOutputStream().write(bytes);
      assertArrayEquals(bytes, server.getInputStream().readNBytes(bytes.length));
    }

    void serverSends(byte[] bytes) throws IOException {
      server.getOutputStream().write(bytes);
      clientGets(bytes);
    }

    void clientGets(byte[] bytes) throws IOException {
      assertArrayEquals(bytes, client.getInputStream().readNBytes(bytes.length));
    }

    void clientGetsNothing() throws IOException {
      client.setSoTimeout(NOTHING_FOR_MILLIS);
      assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());
      client.setSoTimeout(Math.toIntExact(BOUND.toMillis()));
    }

    @Override
    public void close() throws IOException {
      try (client) {
        server.close();
      }
    }
  }
}
