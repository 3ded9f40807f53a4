package dev.modelserver.operator.api.v1alpha1;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The forms of model URIs and of the addresses beside them. The rules of the CRD and the resolver
 * read the same expressions, so that both accept the same texts; they are written in what RE2 and
 * Java have in common.
 */
public final class SourceForms {
  private static final String HOST =
      "([A-Za-z0-9]([-.A-Za-z0-9]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])";
  private static final String TEXT = "[^\\x00-\\x1f\\x7f-\\x{9f}]";

  /** An object of an S3 store. What is asked of the key's length in bytes, no expression says. */
  public static final Form S3 =
      new Form(
          "s3",
          "s3://[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]/" + TEXT + "*[^/\\x00-\\x1f\\x7f-\\x{9f}]",
          "^s3://([^/]*[.][.]|[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+/)|/[.][.]?(/|$)",
          "s3://BUCKET/KEY, with a bucket of 3 to 63 lower-case letters, digits, dots and hyphens, and a key of at most 1024 bytes that is the name of one object, without . or .. segments. A key that ends with / is a prefix, which is not supported yet: name the ONNX file");

  /** An artifact or image of a registry. */
  public static final Form OCI =
      new Form(
          "oci",
          "oci://"
              + HOST
              + "(:[0-9]{1,5})?/[a-z0-9][-._/a-z0-9]{0,254}(:[A-Za-z0-9_][-._A-Za-z0-9]{0,127}|@sha256:[a-f0-9]{64})",
          "[^:]//|/[-._]|[-._]/|[-._][:@]|[.][.][^:]*[:@]",
          "oci://HOST[:PORT]/REPOSITORY:TAG or oci://HOST[:PORT]/REPOSITORY@sha256:DIGEST, with the repository in lower case. Give a tag or the 64 hex digits of a digest, not both");

  /** A file of Hugging Face. Its path has the characters of a URL, others as %XX. */
  public static final Form HUB =
      new Form(
          "hf",
          "hf://[A-Za-z0-9][-._A-Za-z0-9]{0,95}/[A-Za-z0-9][-._A-Za-z0-9]{0,95}/[-A-Za-z0-9!$&()+*,;=:_.~/%]+@[A-Za-z0-9][-._/A-Za-z0-9]{0,254}",
          "[^:]//|/([.]|%2[eE]){1,2}(/|@|$)|/@|@.*[.][.]|/$|%([^0-9A-Fa-f]|[0-9A-Fa-f][^0-9A-Fa-f])",
          "hf://ORGANIZATION/REPOSITORY/PATH@REVISION, with the path as in a URL (%20 for a blank) and without . or .. segments. The revision is required: give a commit, a tag or a branch such as main");

  /** All three. */
  public static final List<Form> STORES = List.of(S3, OCI, HUB);

  /** Address of an S3-compatible store. */
  public static final String ENDPOINT = "https?://" + HOST + "(:[0-9]{1,5})?/?";

  /** What an endpoint must be. */
  public static final String ENDPOINT_FORM =
      "https://HOST or https://HOST:PORT, without a path, a user or a password";

  /** Address of a proxy. */
  public static final String PROXY = "http://" + HOST + ":[0-9]{1,5}/?";

  /** What the address of a proxy must be. */
  public static final String PROXY_FORM =
      "http://HOST:PORT, for example http://proxy.example.com:3128";

  /** Of credentials, for a URI or an endpoint that is plain http. */
  public static final String PLAIN =
      "credentials are never sent over plain http. Use https, or remove spec.model.credentials";

  /** Of a user or password in the address of a proxy. */
  public static final String PROXY_USER =
      "spec.model.proxy.https must have no user or password, which everybody could read: put them into the Secret of spec.model.credentials, with the keys proxy-username and proxy-password";

  /** Of an s3 block beside another source. */
  public static final String S3_ALONE =
      "spec.model.s3 needs a spec.model.uri that begins with s3://: remove s3, or use such a URI";

  /**
   * The form of a URI.
   *
   * @param scheme in lower case
   * @param expression all of the text must match it
   * @param excluded no part of the text may match it
   * @param words the form, and what to do, for people
   */
  public record Form(String scheme, String expression, String excluded, String words) {
    /** Whether a text has the form. */
    public boolean matches(String text) {
      return Pattern.matches(expression, text) && !Pattern.compile(excluded).matcher(text).find();
    }
  }

  private SourceForms() {}

  /** Of a field that says how a source outside the cluster is reached, beside another source. */
  public static String needsRemote(String field) {
    return "spec.model.%s needs a spec.model.uri of https, http, s3, oci or hf: remove %s, or use such a URI"
        .formatted(field, field);
  }
}
