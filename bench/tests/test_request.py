import json
import struct
import unittest

from harness.request import Tensor, grpc, predict, upload, v1, v2_binary, v2_json

X = Tensor("X", (1, 2), [5.1, 300.0])


class RequestTest(unittest.TestCase):
    def test_json_bodies(self):
        self.assertEqual({"features": [5.1, 300]}, json.loads(predict(X).body))
        self.assertEqual({"instances": [[5.1, 300]]}, json.loads(v1(X, "m").body))
        inputs = [{"name": "X", "shape": [1, 2], "datatype": "FP32", "data": [5.1, 300]}]
        self.assertEqual({"inputs": inputs}, json.loads(v2_json(X, "m").body))

    def test_binary_body(self):
        request = v2_binary(X, "m")
        length = int(request.headers["Inference-Header-Content-Length"])
        self.assertEqual(8, json.loads(request.body[:length])["inputs"][0]["parameters"]["binary_data_size"])
        self.assertEqual(struct.pack("<2f", 5.1, 300), request.body[length:])

    def test_upload_is_a_form(self):
        request = upload(b"\xff\xd8", "/predict")
        self.assertEqual("multipart/form-data; boundary=bench-7a1f", request.headers["Content-Type"])
        self.assertTrue(request.body.startswith(b"--bench-7a1f\r\n"))
        self.assertTrue(request.body.endswith(b"image/jpeg\r\n\r\n\xff\xd8\r\n--bench-7a1f--\r\n"))

    def test_one_over_tls_differs_in_its_scheme_alone(self):
        plain = predict(X)
        secured = plain.with_headers(Authorization="Bearer t").over_tls()
        self.assertEqual("http://127.0.0.1:8080/predict", plain.url(8080))
        self.assertEqual("https://127.0.0.1:8080/predict", secured.url(8080))
        self.assertEqual({"Content-Type": "application/json", "Authorization": "Bearer t"}, secured.headers)
        self.assertEqual((plain.body, {"Content-Type": "application/json"}), (secured.body, plain.headers))

    def test_grpc_message(self):
        described = b"\x0a\x01X\x12\x04FP32\x1a\x02\x01\x02"
        message = b"\x0a\x01m\x2a\x0d" + described + b"\x3a\x08" + struct.pack("<2f", 5.1, 300)
        self.assertEqual(b"\0" + struct.pack(">I", len(message)) + message, grpc(X, "m").body)


if __name__ == "__main__":
    unittest.main()
