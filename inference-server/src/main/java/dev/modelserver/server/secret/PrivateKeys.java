package dev.modelserver.server.secret;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/** Reads private keys, and tells whether one belongs to a certificate. */
final class PrivateKeys {

  static final String PKCS8 = "PRIVATE KEY";
  static final String PKCS1 = "RSA PRIVATE KEY";
  static final String SEC1 = "EC PRIVATE KEY";
  static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

  static final String TYPES = "RSA of 2048 bits or more, EC (P-256, P-384 or P-521) or Ed25519";

  private static final int MIN_RSA_BITS = 2048;
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  /** The version of a PKCS#8 key: the integer 0. */
  private static final byte[] VERSION = {2, 1, 0};

  private PrivateKeys() {}

  /** Whether TLS can do with such a key what clients accept. */
  static boolean usable(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= MIN_RSA_BITS;
      case ECPublicKey ec -> {
        int bits = ec.getParams().getCurve().getField().getFieldSize();
        yield bits == 256 || bits == 384 || bits == 521;
      }
      case EdECPublicKey ed -> ed.getParams().getName().equals("Ed25519");
      default -> false;
    };
  }

  /**
   * The key of a block. The older forms, PKCS#1 and SEC 1, do not say of which algorithm or curve
   * they are: the certificate does, in the same form that PKCS#8 has it.
   *
   * @param owner key of the certificate
   */
  static PrivateKey read(Pem block, PublicKey owner) throws GeneralSecurityException {
    byte[] pkcs8 =
        block.type().equals(PKCS8)
            ? block.der()
            : der(SEQUENCE, VERSION, algorithm(owner.getEncoded()), der(OCTET_STRING, block.der()));
    return KeyFactory.getInstance(algorithm(owner)).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  /** Whether what the private key signs is verified by the public one. */
  static boolean belong(PrivateKey key, PublicKey owner) throws GeneralSecurityException {
    String algorithm =
        switch (algorithm(owner)) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    byte[] text = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(owner);
    signature.update(text);
    return signature.verify(signed);
  }

  private static String algorithm(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> "RSA";
      case ECPublicKey ec -> "EC";
      default -> "Ed25519";
    };
  }

  /**
   * The first element of a SubjectPublicKeyInfo, which is the sequence that names the algorithm.
   */
  private static byte[] algorithm(byte[] publicKeyInfo) {
    int start = content(publicKeyInfo, 0);
    return Arrays.copyOfRange(publicKeyInfo, start, end(publicKeyInfo, start));
  }

  /** Where the content of an element begins. */
  private static int content(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
  }

  private static int end(byte[] der, int at) {
    int content = content(der, at);
    if (content == at + 2) {
      return content + (der[at + 1] & 0xff);
    }
    int length = 0;
    for (int i = at + 2; i < content; i++) {
      length = (length << 8) | (der[i] & 0xff);
    }
    return content + length;
  }

  private static byte[] der(int tag, byte[]... contents) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] each : contents) {
      content.writeBytes(each);
    }
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(tag);
    int length = content.size();
    if (length < 0x80) {
      element.write(length);
    } else if (length < 0x100) {
      element.write(0x81);
      element.write(length);
    } else {
      // two bytes of length hold every key that is read
      element.write(0x82);
      element.write(length >> 8);
      element.write(length);
    }
    element.writeBytes(content.toByteArray());
    return element.toByteArray();
  }
}
