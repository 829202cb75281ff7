import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What the library wants for TLS: it is on where there is a context, whatever the scheme says. */
final class Tls {
    private static final char[] NO_SECRET = "in memory only".toCharArray();

    private Tls() {}

    /** @param key a file in PEM, PKCS 8; empty for a client, which trusts the certificate */
    static SSLContext context(String certificate, String key) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        Certificate own = certificateOf(certificate);
        if (key.isEmpty()) store.setCertificateEntry("peer", own);
        else store.setKeyEntry("own", keyOf(key, own), NO_SECRET, new Certificate[] {own});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_SECRET);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), key.isEmpty() ? trusted.getTrustManagers() : null, null);
        return context;
    }

    private static Certificate certificateOf(String path) throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(Path.of(path))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    private static PrivateKey keyOf(String path, Certificate own) throws IOException, GeneralSecurityException {
        String pem = Files.readString(Path.of(path)).replaceAll("-----[A-Z ]+-----|\\s", "");
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
        return KeyFactory.getInstance(own.getPublicKey().getAlgorithm()).generatePrivate(encoded);
    }
}
