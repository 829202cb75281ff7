import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.noear.socketd.SocketD;
import org.noear.socketd.exception.SocketDAlarmException;
import org.noear.socketd.transport.client.Client;
import org.noear.socketd.transport.core.Config;
import org.noear.socketd.transport.core.Entity;
import org.noear.socketd.transport.core.Reply;
import org.noear.socketd.transport.core.Session;
import org.noear.socketd.transport.core.entity.EntityDefault;
import org.noear.socketd.transport.core.impl.ConfigBase;
import org.noear.socketd.transport.server.Server;
import org.noear.socketd.transport.server.ServerConfig;
import org.noear.socketd.transport.stream.RequestStream;

/**
 * A program built on the real Socket.D, driven by JSON lines: the other end of our interop tests.
 *
 * <pre>
 * Peer serve  tcp|ws|udp [--fragment BYTES] [--refuse] [--file PATH] [--quiet] [--cert PEM --key PEM]
 * Peer client URL        [--fragment BYTES] [--heartbeat MS] [--meta NAME=VALUE] [--file PATH] [--quiet] [--cert PEM]
 * </pre>
 *
 * Both roles offer what {@link Routes} says, and both take commands on stdin, one JSON object a line.
 */
public final class Peer {
    private static final int BUFFER_BYTES = 1 << 20; // with its own 8 KiB the library needs a minute for 4 MiB
    private static final long REQUEST_MS = 40_000;

    private final Routes routes;

    private Peer(Routes routes) {
        this.routes = routes;
    }

    public static void main(String[] args) throws Exception {
        List<String> options = Arrays.asList(args);
        Routes routes = new Routes(options.contains("--refuse"), options.contains("--quiet"), option(options, "--file", ""));
        if (args[0].equals("serve")) serve(args[1], options, routes);
        else if (!connect(args[1], options, routes)) System.exit(0);
        new Peer(routes).obey();
        System.exit(0);
    }

    private static void serve(String scheme, List<String> options, Routes routes) throws IOException {
        int port = freePort();
        ServerConfig config = new ServerConfig("sd:" + scheme).host("127.0.0.1").port(port);
        configure(config, options);
        Server server = scheme.equals("udp")
            ? new LoopbackUdpServer(config)
            : SocketD.createServer("sd:" + scheme).config(it -> configure(it.host("127.0.0.1").port(port), options));
        server.listen(routes).start();
        Said.say("listening", "port", port);
    }

    private static boolean connect(String url, List<String> options, Routes routes) {
        String heartbeat = option(options, "--heartbeat", "");
        String meta = option(options, "--meta", "");
        Client client = SocketD.createClient(url).config(it -> {
            configure(it, options);
            it.connectTimeout(5_000).autoReconnect(!heartbeat.isEmpty());
            if (!heartbeat.isEmpty()) it.heartbeatInterval(Long.parseLong(heartbeat));
            if (!meta.isEmpty()) it.metaPut(meta.split("=", 2)[0], meta.split("=", 2)[1]);
        });
        try {
            client.listen(routes).openOrThow();
            Said.say("connected");
            return true;
        } catch (Exception error) {
            Said.say("refused", "error", String.valueOf(error.getMessage()), "type", error.getClass().getSimpleName());
            return false;
        }
    }

    private static void configure(ConfigBase<? extends Config> config, List<String> options) {
        config.readBufferSize(BUFFER_BYTES);
        config.writeBufferSize(BUFFER_BYTES);
        config.requestTimeout(REQUEST_MS);
        String fragment = option(options, "--fragment", "");
        if (!fragment.isEmpty()) config.fragmentSize(Integer.parseInt(fragment));
        String certificate = option(options, "--cert", "");
        if (certificate.isEmpty()) return;
        try {
            config.sslContext(Tls.context(certificate, option(options, "--key", "")));
        } catch (IOException | GeneralSecurityException error) {
            throw new IllegalArgumentException(error);
        }
    }

    /** The library takes no port 0. */
    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static String option(List<String> options, String name, String otherwise) {
        int at = options.indexOf(name);
        return at < 0 ? otherwise : options.get(at + 1);
    }

    /** Runs the commands one after the other; what waits for an answer does not hold up the next. Ends with stdin. */
    private void obey() throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonObject command = JsonParser.parseString(line).getAsJsonObject();
            try {
                run(command);
            } catch (Exception error) {
                Said.say("failed", "tag", text(command, "tag"), "error", String.valueOf(error.getMessage()));
            }
        }
    }

    private void run(JsonObject command) throws Exception {
        Session session = routes.sessions.isEmpty() ? null : routes.sessions.get(routes.sessions.size() - 1);
        switch (text(command, "cmd")) {
            case "send":
                session.send(text(command, "route"), entity(command));
                Said.say("sent", "tag", text(command, "tag"));
                break;
            case "broadcast":
                for (Session each : routes.sessions) each.send(text(command, "route"), entity(command));
                Said.say("sent", "tag", text(command, "tag"));
                break;
            case "request":
                request(session, command);
                break;
            case "requests":
                requests(session, number(command, "count"));
                break;
            case "subscribe":
                subscribe(session, command);
                break;
            case "alarm":
                session.sendAlarm(null, entity(command));
                break;
            case "pressure":
                session.sendPressure(null, entity(command));
                break;
            case "ping":
                session.sendPing();
                break;
            case "preclose":
                session.preclose();
                Said.say("preclosed");
                break;
            case "close":
                session.close();
                Said.say("gone");
                break;
            case "bench":
                new Bench(session, command).run();
                break;
            default:
                throw new IllegalArgumentException("no such command");
        }
    }

    /** A callback for errors that is given to the stream after it was sent may come too late for them: so it is awaited. */
    private static void request(Session session, JsonObject command) throws IOException {
        String tag = text(command, "tag");
        RequestStream stream = session.sendAndRequest(text(command, "route"), entity(command), REQUEST_MS);
        new Thread(() -> {
            try {
                Reply reply = stream.await();
                Said.say("answer", "tag", tag, "isEnd", reply.isEnd(), "metas", reply.metaMap(), "data", told(reply));
            } catch (RuntimeException error) {
                failed(tag, error);
            }
        }).start();
    }

    /** Echoes side by side, each with a body of its own. */
    private static void requests(Session session, int count) throws Exception {
        Map<String, String> answers = new ConcurrentHashMap<>();
        CountDownLatch left = new CountDownLatch(count);
        for (int n = 0; n < count; n++) {
            String asked = Integer.toString(n);
            session.sendAndRequest("echo", Entity.of(asked), REQUEST_MS)
                .thenReply(reply -> {
                    answers.put(asked, reply.dataAsString());
                    left.countDown();
                })
                .thenError(error -> left.countDown());
        }
        left.await();
        long right = answers.entrySet().stream().filter(entry -> entry.getKey().equals(entry.getValue())).count();
        Said.say("answers", "right", right);
    }

    /** The same with its answers: what comes before the stream is given a callback is told to the listener alone. */
    private void subscribe(Session session, JsonObject command) throws IOException {
        String tag = text(command, "tag");
        routes.count(text(command, "route"), tag);
        session.sendAndSubscribe(text(command, "route"), entity(command), REQUEST_MS)
            .thenError(error -> failed(tag, error));
    }

    private static void failed(String tag, Throwable error) {
        int code = error instanceof SocketDAlarmException ? ((SocketDAlarmException) error).getAlarmCode() : 0;
        Said.say("failed", "tag", tag, "code", code, "error", String.valueOf(error.getMessage()),
            "type", error.getClass().getSimpleName());
    }

    private static Object told(Entity entity) {
        return entity.dataSize() > 4096 ? Said.digest(entity.dataAsBytes()) : entity.dataAsString();
    }

    /** `size` and `seed`, or `text`, or `file`; `metas` go with it. */
    private static Entity entity(JsonObject command) throws IOException {
        EntityDefault entity;
        if (command.has("file")) entity = Entity.of(new File(text(command, "file")));
        else if (command.has("size")) entity = Entity.of(Said.pattern(number(command, "size"), number(command, "seed")));
        else entity = Entity.of(text(command, "text"));
        if (command.has("metas")) {
            for (Map.Entry<String, JsonElement> meta : command.getAsJsonObject("metas").entrySet()) {
                entity.metaPut(meta.getKey(), meta.getValue().getAsString());
            }
        }
        return entity;
    }

    static String text(JsonObject command, String name) {
        return command.has(name) ? command.get(name).getAsString() : "";
    }

    static int number(JsonObject command, String name) {
        return command.has(name) ? command.get(name).getAsInt() : 0;
    }
}
