import com.google.gson.Gson;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the peer tells: one JSON object a line, each with an "event". And the content that both ends can make. */
final class Said {
    private static final Gson GSON = new Gson();
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Said() {}

    /** `fields` are names and values in turn. */
    static void say(String event, Object... fields) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", event);
        for (int at = 0; at < fields.length; at += 2) line.put((String) fields[at], fields[at + 1]);
        String text = GSON.toJson(line);
        synchronized (OUT) {
            OUT.println(text);
        }
    }

    static String json(Object value) {
        return GSON.toJson(value);
    }

    /** Byte i is (i * 31 + seed) mod 256, as the demo routes promise. */
    static byte[] pattern(int size, int seed) {
        byte[] bytes = new byte[size];
        for (int at = 0; at < size; at++) bytes[at] = (byte) (at * 31 + seed);
        return bytes;
    }

    static Map<String, Object> digest(byte[] bytes) {
        try {
            StringBuilder hex = new StringBuilder();
            for (byte each : MessageDigest.getInstance("SHA-256").digest(bytes)) hex.append(String.format("%02x", each));
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("bytes", bytes.length);
            told.put("sha256", hex.toString());
            return told;
        } catch (java.security.GeneralSecurityException error) {
            throw new IllegalStateException(error);
        }
    }
}
