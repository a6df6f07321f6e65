# Prints the literals of SeqCore.Tests/Tensors/Files/TensorFileGoldens.cs; NumPy 2.2.
import base64, io, json, struct
import numpy as np


def npy(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return out.getvalue()


def show(name, data):
    print(f'    internal const string {name} = "{base64.b64encode(data).decode()}";\n')


values = np.array([[1.5, -2.0, 3.25], [0.0, 1e-30, -np.inf]], dtype=np.float32)
show("Float32", npy(values))
show("Float32ColumnMajor", npy(np.asfortranarray(values)))
show("Float64Version2", npy(values.astype(np.float64), (2, 0)))
show("Float16", npy(np.array([1.5, -65504.0, 6e-8], dtype=np.float16)))
show("Int64Version3", npy(np.array([[1, -2], [3, 2147483647]], dtype=np.int64), (3, 0)))
show("Int32ColumnMajor", npy(np.asfortranarray(np.arange(24, dtype=np.int32).reshape(2, 3, 4))))
show("Int64TooLarge", npy(np.array([1, 2 ** 31], dtype=np.int64)))
show("UInt8", npy(np.array([0, 255], dtype=np.uint8)))
show("Boolean", npy(np.array([True, False])))
show("Scalar", npy(np.array(7.0, dtype=np.float32)))
show("BigEndian", npy(np.array([1.0], dtype=">f4")))
show("Complex", npy(np.array([1j], dtype=np.complex64)))
out = io.BytesIO()
np.savez(out, a=values, b=np.arange(3, dtype=np.int32))
show("Stored", out.getvalue())
out = io.BytesIO()
np.savez_compressed(out, a=values, zeros=np.zeros((20, 50), dtype=np.float32))
show("Deflated", out.getvalue())

parts = {
    "f32": ("F32", [2, 1], np.array([1.5, -2.0], dtype=np.float32).tobytes()),
    "f16": ("F16", [2], np.array([1.5, -2.0], dtype=np.float16).tobytes()),
    "bf16": ("BF16", [2], bytes.fromhex("c03f00c0")),
    "f64": ("F64", [1], np.array([0.1]).tobytes()),
    "i64": ("I64", [2], np.array([-7, 2147483647]).tobytes()),
    "i32": ("I32", [], np.array(5, dtype=np.int32).tobytes()),
    "none": ("F32", [0, 3], b""),
}
header, data = {"__metadata__": {"format": "pt"}}, b""
for name, (kind, shape, raw) in parts.items():
    header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
show("Safetensors", struct.pack("<Q", len(text)) + text + data)
