package dev.modelserver.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of s3://, oci:// and hf://, each rule with a text on either side of it. */
class ModelUriTest {
  private static final String DIGEST =
      "4174b23378a54a743ad34fd012e01a3fc59e33078a4b67225b4d75f04a94fa1a";

  @ParameterizedTest
  @CsvSource({
    "s3://models/iris.onnx",
    "s3://abc/k",
    "s3://my.models-2/a/b c/ä%20?#.onnx",
    "s3://models//iris.onnx",
    "s3://models/...",
    "s3://models/a..b",
    "s3://1.2.3.4.5/k",
  })
  void anObjectOfAnS3Store(String uri) {
    assertThat(parsed(uri))
        .isEqualTo(
            new ModelUri.S3Object(uri, new Origin("s3.us-east-1.amazonaws.com", 443, false)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://ab/k",
        "s3://Models/k",
        "s3://-models/k",
        "s3://models-/k",
        "s3://mod..els/k",
        "s3://mod_els/k",
        "s3://10.1.2.3/k",
        "s3://user:secret@models/k",
        "s3://models:9000/k",
        "S3://models/k",
        "s3:models/k",
        "s3://models",
        "s3://models/",
        "s3://models/folder/",
        "s3://models/a/../b",
        "s3://models/a/.",
        "s3://models/a\nb",
        "s3://models/a\u0085b",
        "s3://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/k",
      })
  void noObjectOfAnS3Store(String uri) {
    assertThatThrownBy(() -> parsed(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("spec.model.uri \"")
        .hasMessageContaining("\" must have the form s3://BUCKET/KEY, with a bucket of 3 to 63")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({"a, 1024, true", "a, 1025, false", "ä, 512, true", "ä, 513, false", "😀, 257, false"})
  void aKeyHasAtMost1024BytesOfUtf8(String character, int times, boolean accepted) {
    String uri = "s3://models/" + character.repeat(times);

    if (accepted) {
      assertThat(parsed(uri)).isInstanceOf(ModelUri.S3Object.class);
    } else {
      assertThatThrownBy(() -> parsed(uri)).hasMessageContaining("a key of at most 1024 bytes");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "oci://registry.example.com/iris:v1, registry.example.com, 443",
    "oci://Registry.Example.com:5000/team/iris_model:V1.0-rc_1, registry.example.com, 5000",
    "oci://localhost:5000/iris:1, localhost, 5000",
    "oci://docker.io/iris:1, registry-1.docker.io, 443",
    "oci://[2001:db8::1]:5000/iris:1, [2001:db8::1], 5000",
    "oci://r.test/iris@sha256:" + DIGEST + ", r.test, 443",
    "oci://r.test/iris:a..b, r.test, 443",
  })
  void anArtifactOfARegistry(String uri, String host, int port) {
    assertThat(parsed(uri)).isEqualTo(new ModelUri.OciArtifact(uri, new Origin(host, port, false)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oci://r.test/iris",
        "oci://r.test:5000/iris",
        "oci://r.test/iris:",
        "oci://r.test/iris:-a",
        "oci://r.test/iris:v1@sha256:" + DIGEST,
        "oci://r.test/iris@sha256:abc",
        "oci://r.test/iris@sha512:" + DIGEST,
        "oci://r.test/Iris:1",
        "oci://r.test/:1",
        "oci://r.test/a//b:1",
        "oci://r.test/a/../b:1",
        "oci://r.test/-a:1",
        "oci://r.test/a-:1",
        "oci://r.test/a..b/c:1",
        "oci:///iris:1",
        "oci://iris:1",
        "oci://r.test:0/iris:1",
        "oci://r.test:65536/iris:1",
        "oci://r..test/iris:1",
        "oci://user:secret@r.test/iris:1",
        "oci://r.test/iris:1?sig=secret",
        "oci://r.test/iris:1\n",
      })
  void noArtifactOfARegistry(String uri) {
    assertThatThrownBy(() -> parsed(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("spec.model.uri \"")
        .hasMessageContaining("\" must have the form oci://HOST[:PORT]/REPOSITORY:TAG or")
        .hasMessageContaining("Give a tag or the 64 hex digits of a digest")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "hf://org/repo/model.onnx@main",
    "hf://Org-1/Repo_2.x/onnx/my%20model.onnx@refs/pr/1",
    "hf://o/r/m.onnx@5c1f2e1b0d9a4b7c8d6e5f4a3b2c1d0e9f8a7b6c",
  })
  void aFileOfTheHub(String uri) {
    assertThat(parsed(uri))
        .isEqualTo(new ModelUri.HubFile(uri, new Origin("huggingface.co", 443, false)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf://org/repo/model.onnx",
        "hf://org/repo/model.onnx@",
        "hf://org/repo@main/model.onnx",
        "hf://org/repo/@main",
        "hf://repo/model.onnx@main",
        "hf://org/repo/a//b@main",
        "hf://org/repo/a/../b@main",
        "hf://org/repo/..@main",
        "hf://org/repo/a/@main",
        "hf://org/repo/a@b@main",
        "hf://org/repo/a@-main",
        "hf://org/repo/a@a..b",
        "hf://org/repo/a@a/",
        "hf://org/repo/a\nb@main",
        "hf://org/repo/a b@main",
        "hf://org/repo/ä@main",
        "hf://org/repo/a?b@main",
        "hf://org/repo/a#b@main",
        "hf://org/repo/a%2@main",
        "hf://org/repo/a%@main",
        "hf://org/repo/a%2g@main",
        "hf://org/repo/%2e%2E/b@main",
        "hf://org/repo/.%2e@main",
        "hf://-org/repo/a@main",
        "hf:///repo/a@main",
      })
  void noFileOfTheHub(String uri) {
    assertThatThrownBy(() -> parsed(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("spec.model.uri \"")
        .hasMessageContaining("hf://ORGANIZATION/REPOSITORY/PATH@REVISION")
        .hasMessageContaining("give a commit, a tag or a branch such as main");
  }

  private static ModelUri parsed(String uri) {
    return ModelUri.parse(uri, StoreAddresses.PUBLIC);
  }
}
