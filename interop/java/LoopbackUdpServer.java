import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.noear.socketd.transport.java_udp.UdpBioServer;
import org.noear.socketd.transport.server.Server;
import org.noear.socketd.transport.server.ServerConfig;

/** The UDP server of the library listens on every address of the machine, whatever host it was given; this one does not. */
final class LoopbackUdpServer extends UdpBioServer {
    private final int port;

    LoopbackUdpServer(ServerConfig config) {
        super(config);
        this.port = config.getPort();
    }

    @Override
    public Server start() throws IOException {
        try {
            // One receives and one handles: with more, the pieces of a message overtake each other and it is never whole.
            ExecutorService executor = Executors.newFixedThreadPool(2);
            set("server", new DatagramSocket(port, InetAddress.getLoopbackAddress()));
            set("serverExecutor", executor);
            Method accept = UdpBioServer.class.getDeclaredMethod("accept");
            accept.setAccessible(true);
            isStarted = true;
            executor.submit(() -> accept.invoke(this));
            return this;
        } catch (ReflectiveOperationException error) {
            throw new IOException("not the library this was written for", error);
        }
    }

    private void set(String name, Object value) throws ReflectiveOperationException {
        Field field = UdpBioServer.class.getDeclaredField(name);
        field.setAccessible(true);
        field.set(this, value);
    }
}
