import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.noear.socketd.transport.core.Entity;
import org.noear.socketd.transport.core.Session;

/** The measurements of our benchmark (bench/measure), done by the library itself at both ends. */
final class Bench {
    private static final int REQUEST_BYTES = 100;
    private static final int WARM_BYTES = 4 << 20;
    private static final long TIMEOUT_MS = 60_000;

    private final Session session;
    private final JsonObject asked;

    Bench(Session session, JsonObject asked) {
        this.session = session;
        this.asked = asked;
    }

    void run() throws Exception {
        switch (Peer.text(asked, "job")) {
            case "bulk":
                bulk(Said.pattern(WARM_BYTES, 1));
                byte[] body = Said.pattern(Peer.number(asked, "bytes"), 7);
                double[] rates = new double[3];
                for (int at = 0; at < rates.length; at++) {
                    long startNs = System.nanoTime();
                    bulk(body);
                    rates[at] = body.length * 1e3 / (System.nanoTime() - startNs);
                }
                Arrays.sort(rates);
                Said.say("measured", "tag", Peer.text(asked, "tag"), "megabytesPerSecond", rates[1]);
                break;
            case "rate":
                int forMs = Peer.number(asked, "forMs");
                rate(1, forMs);
                rate(64, forMs);
                Said.say("measured", "tag", Peer.text(asked, "tag"),
                    "sequentialPerSecond", rate(1, forMs), "concurrentPerSecond", rate(64, forMs));
                break;
            default:
                latency();
        }
    }

    private void bulk(byte[] body) throws Exception {
        String received = session.sendAndRequest("sink", Entity.of(body), TIMEOUT_MS).await().dataAsString();
        if (!received.equals(Integer.toString(body.length))) throw new IllegalStateException(received + " bytes arrived");
    }

    private void ask(int index) throws Exception {
        byte[] body = requestBody(index);
        byte[] echo = session.sendAndRequest("echo", Entity.of(body), TIMEOUT_MS).await().dataAsBytes();
        if (!Arrays.equals(body, echo)) throw new IllegalStateException("wrong echo");
    }

    private static byte[] requestBody(int index) {
        byte[] body = new byte[REQUEST_BYTES];
        byte[] text = Integer.toString(index).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, body, 0, text.length);
        return body;
    }

    private double rate(int lanes, int forMs) throws Exception {
        long startNs = System.nanoTime();
        long endNs = startNs + forMs * 1_000_000L;
        AtomicInteger done = new AtomicInteger();
        AtomicInteger broken = new AtomicInteger();
        Thread[] threads = new Thread[lanes];
        for (int lane = 0; lane < lanes; lane++) {
            threads[lane] = new Thread(() -> {
                try {
                    while (System.nanoTime() < endNs) ask(done.incrementAndGet());
                } catch (Exception error) {
                    broken.incrementAndGet();
                }
            });
            threads[lane].start();
        }
        for (Thread thread : threads) thread.join();
        if (broken.get() > 0) throw new IllegalStateException(broken.get() + " lanes failed");
        return done.get() * 1e9 / (System.nanoTime() - startNs);
    }

    /** Requests at fixed times, whether or not earlier ones were answered; an unanswered one counts with its age. */
    private void latency() throws Exception {
        int requests = Peer.number(asked, "requests");
        int everyMs = Peer.number(asked, "everyMs");
        for (int index = 0; index < 100; index++) ask(index);
        AtomicInteger transfers = new AtomicInteger();
        boolean[] isOver = {false};
        Thread bulk = null;
        if (asked.get("isUnderBulk").getAsBoolean()) {
            bulk(Said.pattern(WARM_BYTES, 1));
            byte[] body = Said.pattern(Peer.number(asked, "bytes"), 7);
            bulk = new Thread(() -> {
                try {
                    while (!isOver[0]) {
                        bulk(body);
                        transfers.incrementAndGet();
                    }
                } catch (Exception error) {
                    transfers.set(Integer.MIN_VALUE);
                }
            });
            bulk.setDaemon(true);
            bulk.start();
        }
        long startNs = System.nanoTime() + 20_000_000L;
        long[] calledNs = new long[requests];
        long[] answeredNs = new long[requests];
        CountDownLatch left = new CountDownLatch(requests);
        for (int index = 0; index < requests; index++) {
            long waitNs = startNs + index * everyMs * 1_000_000L - System.nanoTime();
            if (waitNs > 0) TimeUnit.NANOSECONDS.sleep(waitNs);
            int at = index;
            calledNs[at] = System.nanoTime();
            // The library holds its lock while it writes: a call may wait, and the others must not wait for it.
            new Thread(() -> {
                try {
                    ask(at);
                    answeredNs[at] = System.nanoTime();
                } catch (Exception error) {
                    Said.say("failed", "tag", Peer.text(asked, "tag"), "error", String.valueOf(error.getMessage()));
                }
                left.countDown();
            }).start();
        }
        left.await(500, TimeUnit.MILLISECONDS);
        long endNs = System.nanoTime();
        isOver[0] = true;
        if (transfers.get() < 0) throw new IllegalStateException("a transfer failed");
        double[] ms = new double[requests];
        int answered = 0;
        for (int at = 0; at < requests; at++) {
            if (answeredNs[at] != 0) answered += 1;
            ms[at] = ((answeredNs[at] == 0 ? endNs : answeredNs[at]) - calledNs[at]) / 1e6;
        }
        Arrays.sort(ms);
        Said.say("measured", "tag", Peer.text(asked, "tag"), "answered", answered,
            "p50Ms", ms[(int) Math.ceil(requests * 0.5) - 1], "p99Ms", ms[(int) Math.ceil(requests * 0.99) - 1]);
    }
}
