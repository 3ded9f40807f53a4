package dev.modelserver.server.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import dev.modelserver.server.model.ModelLoadException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On messages that ONNX Runtime 1.28.0 gave. */
class RuntimeMessagesTest {

  private static final String RUNNING = "Non-zero status code returned while running ";
  private static final String SRC = "/onnxruntime_src/onnxruntime/core/";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // nothing of C++
        "Gather node. Name:'/model/layer.0/Gather' Status Message: indices element out of data bounds, idx=5 must be within the inclusive range [-3,2]"
            + " | Gather node. Name:'/model/layer.0/Gather' Status Message: indices element out of data bounds, idx=5 must be within the inclusive range [-3,2]; send indexes that the model has entries for",
        // a file without a path and a bare function
        "MatMul node. Name:'/a b/it''s (1)' Status Message: matmul_helper.h:59 Compute MatMul dimension mismatch"
            + " | MatMul node. Name:'/a b/it''s (1)' Status Message: MatMul dimension mismatch; send inputs of sizes that the model was exported for",
        "Mod node. Name:'m' Status Message: element_wise_ops.cc:2242 operator() Integer modulo by zero"
            + " | Mod node. Name:'m' Status Message: Integer modulo by zero; send values for which the model divides by no zero",
        // a signature with types, and a condition
        "GatherElements node. Name:'g' Status Message: "
            + SRC
            + "providers/cpu/tensor/gather_elements.cc:150 void onnxruntime::core_impl(const Tensor*, const Tensor*, Tensor*, int64_t, concurrency::ThreadPool*) [with Tin = long int; int64_t = long int] GatherElements op: Out of range value in index tensor"
            + " | GatherElements node. Name:'g' Status Message: GatherElements op: Out of range value in index tensor; send indexes that the model has entries for",
        "Reshape node. Name:'' Status Message: "
            + SRC
            + "providers/cpu/tensor/reshape_helper.h:55 onnxruntime::ReshapeHelper::ReshapeHelper(const onnxruntime::TensorShape&, onnxruntime::TensorShapeVector&, bool) input_shape_size == requested_shape_size was false. The input tensor cannot be reshaped to the requested shape. Input shape:{3}, requested shape:{2,2}"
            + " | Reshape node. Name:'' Status Message: The input tensor cannot be reshaped to the requested shape. Input shape:{3}, requested shape:{2,2}; send inputs of sizes that the model was exported for",
        "Squeeze node. Name:'s' Status Message: "
            + SRC
            + "providers/cpu/tensor/squeeze.h:53 static onnxruntime::TensorShapeVector onnxruntime::SqueezeBase::ComputeOutputShape(const onnxruntime::TensorShape&, const onnxruntime::TensorShapeVector&) input_shape[i] == 1 was false. Dimension of input 0 must be 1 instead of 3. shape={3}"
            + " | Squeeze node. Name:'s' Status Message: Dimension of input 0 must be 1 instead of 3. shape={3}",
        // lambdas, anonymous namespaces, types with brackets
        "X node. Name:'x' Status Message: "
            + SRC
            + "a.cc:1 onnxruntime::(anonymous namespace)::F<T, std::function<void(int)> >::compute(std::function<void(long int)>, int) const [with T = float [3]]::<lambda(ptrdiff_t, ptrdiff_t)> [with auto:1 = int] it is too large"
            + " | X node. Name:'x' Status Message: it is too large",
        "X node. Name:'x' Status Message: "
            + SRC
            + "a.cc:1 onnxruntime::F::operator()(int) const noexcept i < n was false."
            + " | X node. Name:'x' Status Message: i < n was false.",
        // one status in another, one node in another
        "Pad node. Name:'p' Status Message: "
            + SRC
            + "framework/op_kernel.cc:83 virtual OrtValue* onnxruntime::OpKernelContext::OutputMLValue(int, const onnxruntime::TensorShape&) [ONNXRuntimeError] : 1 : FAIL : tensor.cc:57 CalculateTensorStorageSize Tensor shape.Size() must be >= 0"
            + " | Pad node. Name:'p' Status Message: Tensor shape.Size() must be >= 0; send inputs of sizes that the model was exported for",
        "Loop node. Name:'/model/Loop' Status Message: Non-zero status code returned while running Gather node. Name:'/in/Gather' Status Message: "
            + SRC
            + "providers/common.h:31 int64_t onnxruntime::HandleNegativeAxis(int64_t, int64_t) IsAxisInRange(axis, tensor_rank) was false. axis 0 is not in valid range [-0,-1]"
            + " | Loop node. Name:'/model/Loop' Status Message: Non-zero status code returned while running Gather node. Name:'/in/Gather' Status Message: axis 0 is not in valid range [-0,-1]",
        "DecodeImage node. Name:'d' Status Message: OpenCV(4.5.4) /mnt/vss/_work/1/s/opencv-src/modules/imgcodecs/src/loadsave.cpp:77: error: (-215:Assertion failed) pixels <= CV_IO_MAX_IMAGE_PIXELS in function 'validateInputImageSize'"
            + " | DecodeImage node. Name:'d' Status Message: OpenCV: (-215:Assertion failed) pixels <= CV_IO_MAX_IMAGE_PIXELS in function 'validateInputImageSize'; send an image of fewer pixels than the server decodes",
        "Cast node. Name:'c' Status Message: stod"
            + " | Cast node. Name:'c' Status Message: stod; a text that the model reads as a number is none: send texts that are numbers",
      })
  void tellsWhatANodeSaysWithoutCpp(String raw, String expected) {
    assertThat(RuntimeMessages.of(failure(RUNNING + raw + "\n"))).isEqualTo(RUNNING + expected);
  }

  /** A name may hold anything, as well what looks like a path, a source or the end of a name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/model/layer.0/MatMul",
        "/etc/passwd",
        "block.h:3 conv",
        "a 'quoted' name",
        "size was false. x",
        "[ONNXRuntimeError] : 1 : FAIL : x",
        "名前 🙂",
      })
  void keepsTheNameOfANode(String name) {
    String text = RUNNING + "Relu node. Name:'" + name + "' Status Message: it failed";
    assertThat(RuntimeMessages.of(failure(text))).isEqualTo(text);
  }

  @Test
  void cutsLongNamesAndKeepsWhatFollows() {
    String name = "n".repeat(50_000);
    assertThat(
            RuntimeMessages.of(
                failure(RUNNING + "Relu node. Name:'" + name + "' Status Message: it failed")))
        .endsWith("n…' Status Message: it failed")
        .hasSizeLessThan(250);
  }

  /** Patterns that go back for every letter would take hours. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "n",
        "a.h:1 ",
        ".h:",
        "a/b.cc:12 f(",
        "/a.cc:1 ",
        "Name:'",
        "Node (",
        ": \"/",
        "(",
        "Opset 1 is under development ",
        ": 1 : ",
        " ",
      })
  void takesATimeThatGrowsWithTheText(String piece) {
    String text = piece.repeat(1_000_000 / piece.length());
    String node = RUNNING + "Relu node. Name:'" + text + "' Status Message: it failed";
    assertThat(RuntimeMessages.of(failure(text))).hasSizeLessThan(600);
    assertThat(RuntimeMessages.of(failure(node))).hasSizeLessThan(600);
    assertThat(load(text)).hasMessageContaining("says:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Failed to allocate memory for requested buffer of size 4398046511104 | true",
        "std::bad_alloc | true",
        "Calculation for Tensor storage size overflowed | false",
      })
  void knowsThatMemoryIsMissing(String text, boolean missing) {
    assertThat(RuntimeMessages.noMemory(failure(RUNNING + text))).isEqualTo(missing);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        SRC
            + "graph/model.cc:192 onnxruntime::Model::Model(onnx::ModelProto&&, const onnxruntime::PathString&) Unsupported model IR version: 99, max supported IR version: 13"
            + " | UNSUPPORTED_OPSET | the file has the IR version 99; ONNX Runtime 1.28.0 reads IR versions up to 13: export it with ir_version=13, or set model.ir_version = 13 before onnx.save",
        SRC
            + "graph/model_load_utils.h:46 void onnxruntime::model_load_utils::ValidateOpsetForDomain(const std::unordered_map<std::__cxx11::basic_string<char>, int>&, bool) ONNX Runtime only *guarantees* support for models stamped with official released onnx opset versions. Opset 99 is under development and support for this is limited. The operator schemas and or other functionality may change before next ONNX release and in this case ONNX Runtime will not guarantee backward compatibility. Current official support for domain ai.onnx is till opset 26."
            + " | UNSUPPORTED_OPSET | the model uses opset 99 of ai.onnx; ONNX Runtime 1.28.0 knows it up to opset 26: export it for that one (opset_version= of torch.onnx.export, target_opset= of skl2onnx and onnxmltools)",
        "This is an invalid model. Type Error: Type 'tensor(double)' of input parameter (x) of operator (ZipMap) in node (ZipMap) is invalid."
            + " | INVALID | ONNX Runtime 1.28.0 says: This is an invalid model. Type Error: Type 'tensor(double)' of input parameter (x) of operator (ZipMap) in node (ZipMap) is invalid; a ZipMap takes 32-bit floats: export with options={'zipmap': False}, or with float32 inputs",
        "Fatal error: my.domain:MyOp(-1) is not a registered function/op"
            + " | UNSUPPORTED_OPERATOR | ONNX Runtime 1.28.0 says: Fatal error: my.domain:MyOp(-1) is not a registered function/op; the server has the operators of ONNX, ONNX Runtime and ONNX Runtime Extensions alone: export the model with these, or with the operator as a function of the model",
        "Fatal error: ai.onnx.contrib:NoSuchTokenizer(-1) is not a registered function/op"
            + " | UNSUPPORTED_OPERATOR | ONNX Runtime 1.28.0 says: Fatal error: ai.onnx.contrib:NoSuchTokenizer(-1) is not a registered function/op; ONNX Runtime Extensions 0.13.0, which the server has, knows no such operator: export the model with this version, or do this step (tokens, images, audio) before the request",
        "Could not find an implementation for Sin(7) node with name '/my/op'"
            + " | UNSUPPORTED_OPERATOR | ONNX Runtime 1.28.0 says: Could not find an implementation for Sin(7) node with name '/my/op'; the CPU has no kernel of this operator for this type or opset: export the model in float32, or for another opset",
        "Node (/my/op) Op (MatMul) [ShapeInferenceError] Incompatible dimensions for matrix multiplication"
            + " | INVALID | ONNX Runtime 1.28.0 says: Node (/my/op) Op (MatMul) [ShapeInferenceError] Incompatible dimensions for matrix multiplication; the file declares types or shapes that contradict each other: try onnx.checker.check_model(model, full_check=True) and export it again",
        "Load model from /models/m/model.onnx failed:Protobuf parsing failed."
            + " | INVALID | ONNX Runtime 1.28.0 says: Load model from the file failed:Protobuf parsing failed; the file is not an ONNX model, or not all of it: export it again and compare its size and sha256sum",
        "External data path validation failed for initializer: w. Error: tensorprotoutils.cc:453 ValidateExternalDataPathFromDir External data path does not exist: \"/models/m/sub/w.bin\""
            + " | INVALID | ONNX Runtime 1.28.0 says: External data path validation failed for initializer: w. Error: External data path does not exist: \"sub/w.bin\"; keep the files of external data beside the model under the names it has for them, or export the model in one file",
        "External data path validation failed for initializer: w. Error: External data path escapes model directory. External data path: \"link.bin\" resolved path: \"/else/w.bin\" allowed directory: \"/models/m\""
            + " | INVALID | ONNX Runtime 1.28.0 says: External data path validation failed for initializer: w. Error: External data path escapes model directory. External data path: \"link.bin\" resolved path: the file allowed directory: \"the folder\"; keep the files of external data beside the model under the names it has for them, or export the model in one file",
      })
  void tellsWhyAModelDoesNotLoad(String raw, ModelLoadException.Kind kind, String expected) {
    ModelLoadException refusal = load(raw);
    assertThat(refusal).hasMessage(expected);
    assertThat(refusal.kind()).isEqualTo(kind);
  }

  private static ModelLoadException load(String raw) {
    return RuntimeMessages.loadFailure(failure(raw), Path.of("/models/m/model.onnx"));
  }

  private static OrtException failure(String text) {
    return new OrtException(OrtErrorCode.ORT_FAIL, text);
  }
}
