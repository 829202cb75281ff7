import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.noear.socketd.transport.core.Entity;
import org.noear.socketd.transport.core.EntityMetas;
import org.noear.socketd.transport.core.Listener;
import org.noear.socketd.transport.core.Message;
import org.noear.socketd.transport.core.Reply;
import org.noear.socketd.transport.core.Session;
import org.noear.socketd.transport.core.entity.EntityDefault;
import org.noear.socketd.transport.core.entity.PressureEntity;

/** What either role answers: echo, digest, big, count, slow, fail, press, file. Everything else is only told. */
final class Routes implements Listener {
    final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final boolean isRefusing;
    private final boolean isQuiet;
    private final String file;
    private final Map<String, Counted> counted = new ConcurrentHashMap<>();

    /** @param isQuiet tells nothing of messages, for measuring */
    Routes(boolean isRefusing, boolean isQuiet, String file) {
        this.isRefusing = isRefusing;
        this.isQuiet = isQuiet;
        this.file = file;
    }

    @Override
    public void onOpen(Session session) throws IOException {
        if (isRefusing) {
            Said.say("refusing");
            throw new IOException("refused, as asked");
        }
        sessions.add(session);
        session.handshake().outMeta("from", "java");
        Said.say(
            "open",
            "path", session.path(),
            "params", session.handshake().paramMap(),
            "uri", session.handshake().uri().toString());
    }

    @Override
    public void onMessage(Session session, Message message) throws IOException {
        if (!isQuiet) {
            Said.say(
                "message",
                "route", message.event(),
                "kind", message.isRequest() ? "request" : message.isSubscribe() ? "subscribe" : "message",
                "metas", message.metaMap(),
                "data", Said.digest(message.dataAsBytes()));
        }
        if (!message.isRequest() && !message.isSubscribe()) return;
        switch (message.event()) {
            case "echo":
                session.replyEnd(message, bytes(message.dataAsBytes()).metaMapPut(Map.copyOf(message.metaMap())));
                break;
            case "once":
                session.reply(message, bytes(message.dataAsBytes()));
                break;
            case "digest":
                session.replyEnd(message, Entity.of(Said.json(Said.digest(message.dataAsBytes()))));
                break;
            case "sink":
                session.replyEnd(message, Entity.of(Integer.toString(message.dataSize())));
                break;
            case "big":
                JsonObject asked = asked(message);
                int seed = asked.has("seed") ? asked.get("seed").getAsInt() : 0;
                session.replyEnd(message, bytes(Said.pattern(asked.get("bytes").getAsInt(), seed)));
                break;
            case "count":
                int count = asked(message).get("n").getAsInt();
                for (int n = 0; n < count - 1; n++) session.reply(message, Entity.of(Integer.toString(n)));
                session.replyEnd(message, Entity.of(Integer.toString(count - 1)));
                break;
            case "slow":
                long ms = asked(message).get("ms").getAsLong();
                new Thread(() -> replyLate(session, message, ms)).start();
                break;
            case "fail":
                session.sendAlarm(message, Entity.of("as asked").metaPut("code", "4711"));
                break;
            case "press":
                session.sendPressure(message, PressureEntity.getInstance());
                break;
            case "file":
                session.replyEnd(message, Entity.of(new File(file)));
                break;
            case "store":
                session.replyEnd(message, Entity.of(message.metaOrDefault(EntityMetas.META_DATA_DISPOSITION_FILENAME, "none")));
                break;
            default:
                session.sendAlarm(message, Entity.of("no such event"));
        }
    }

    /** From now on the answers to this event are counted, and told under this tag. */
    void count(String event, String tag) {
        counted.put(event, new Counted(tag));
    }

    @Override
    public void onReply(Session session, Message reply) {
        Counted its = counted.get(reply.event());
        if (its != null) its.take(reply);
    }

    /** The library delivers from several threads: the answer that says that it is the last need not come last. */
    private static final class Counted {
        private final String tag;
        private int count;
        private int sum;

        Counted(String tag) {
            this.tag = tag;
        }

        synchronized void take(Message reply) {
            if (reply.dataSize() > 0) {
                // Our demo route counts in objects, the one of this program in plain numbers.
                JsonElement item = JsonParser.parseString(reply.dataAsString());
                sum += item.isJsonObject() ? item.getAsJsonObject().get("i").getAsInt() : item.getAsInt();
                count += 1;
                Said.say("item", "tag", tag, "count", count, "sum", sum);
            }
            if (reply instanceof Reply && ((Reply) reply).isEnd()) Said.say("ended", "tag", tag);
        }
    }

    @Override
    public void onClose(Session session) {
        sessions.remove(session);
        Said.say("closed", "code", session.closeCode());
    }

    @Override
    public void onError(Session session, Throwable error) {
        Said.say("error", "error", String.valueOf(error.getMessage()), "type", error.getClass().getSimpleName());
    }

    private static EntityDefault bytes(byte[] data) {
        return Entity.of(data);
    }

    private static JsonObject asked(Message message) {
        return JsonParser.parseString(message.dataAsString()).getAsJsonObject();
    }

    private static void replyLate(Session session, Message message, long ms) {
        try {
            Thread.sleep(ms);
            session.replyEnd(message, Entity.of(Long.toString(ms)));
        } catch (IOException | InterruptedException error) {
            Said.say("late", "error", String.valueOf(error.getMessage()));
        }
    }
}
