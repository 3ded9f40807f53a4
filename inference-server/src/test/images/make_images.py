"""Writes the small images of the tests and expected.json: what Pillow makes of them. Needs: pip install numpy==2.3.5 pillow==12.0.0

The pictures are smooth with a little noise, as photographs are; JPEG decoders may differ by some steps, all else must be equal.
"""

import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).parent
RANDOM = np.random.default_rng(0)
cases = []


def picture(width, height, channels=3, depth=8):
    y, x = np.mgrid[0:height, 0:width]
    planes = [np.sin(x / (3 + c) + c) + np.cos(y / (4 - c) + 2 * c) + RANDOM.normal(0, 0.1, (height, width)) for c in range(channels)]
    values = np.stack(planes, axis=-1)
    values = (values - values.min()) / (values.max() - values.min())
    return (values * (2**depth - 1)).round().astype(np.uint16 if depth == 16 else np.uint8)


def expect(file, width, height, resize="bicubic", fit="stretch", crop=1.0, channels="RGB", turned=True, tolerance=0, pad=None):
    """A case: the file, resized so, has these pixels, row by row, channel by channel."""
    image = Image.open(HERE / file)
    if turned:
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))
    image = image.convert("RGB")
    if channels == "GRAY":
        image = image.convert("L")
    box = None
    if fit == "crop":
        step = crop * min(image.width / width, image.height / height)
        left, top = (image.width - width * step) / 2, (image.height - height * step) / 2
        box = (left, top, image.width - left, image.height - top)
    if fit == "letterbox":
        # the sizes and places of ultralytics' LetterBox; its pixels are OpenCV's
        ratio = min(height / image.height, width / image.width)
        inner = max(round(image.width * ratio), 1), max(round(image.height * ratio), 1)
        top, left = round((height - inner[1]) / 2 - 0.1), round((width - inner[0]) / 2 - 0.1)
        grey = 114 if pad is None else pad
        canvas = Image.new(image.mode, (width, height), (grey,) * len(image.getbands()))
        canvas.paste(image.resize(inner, Image.Resampling[resize.upper()]), (left, top))
        image = canvas
    else:
        image = image.resize((width, height), Image.Resampling[resize.upper()], box)
    pixels = np.asarray(image)
    if channels == "BGR":
        pixels = pixels[:, :, ::-1]
    description = {"width": width, "height": height, "channels": channels, "resize": resize, "fit": fit, "cropFraction": crop}
    if pad is not None:
        description["padValue"] = pad
    cases.append({"file": file, "image": description, "tolerance": tolerance, "pixels": pixels.reshape(-1).tolist()})


# PNG: a writer of every kind, since Pillow writes few.

COLOR = {1: 0, 2: 4, 3: 2, 4: 6}


def packed(rows, depth):
    """The bytes of rows of samples."""
    height, samples = rows.shape[0], rows.reshape(rows.shape[0], -1)
    if depth == 16:
        return samples.astype(">u2").view(np.uint8).reshape(height, -1)
    if depth == 8:
        return samples.astype(np.uint8)
    bits = np.unpackbits(samples.astype(np.uint8)[..., None], axis=-1)[..., 8 - depth :]
    return np.packbits(bits.reshape(height, -1), axis=-1)


def filtered(rows, pixel):
    """The rows with the five filters in turn."""
    out = b""
    above = np.zeros(rows.shape[1], int)
    for number, row in enumerate(rows.astype(int)):
        left = np.concatenate([np.zeros(min(pixel, len(row)), int), row[:-pixel]])[: len(row)]
        corner = np.concatenate([np.zeros(min(pixel, len(row)), int), above[:-pixel]])[: len(row)]
        estimate = left + above - corner
        near = [abs(estimate - left), abs(estimate - above), abs(estimate - corner)]
        paeth = np.where((near[0] <= near[1]) & (near[0] <= near[2]), left, np.where(near[1] <= near[2], above, corner))
        kind = number % 5
        predicted = [0, left, above, (left + above) // 2, paeth][kind]
        out += bytes([kind]) + ((row - predicted) % 256).astype(np.uint8).tobytes()
        above = row
    return out


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(file, samples, depth=8, palette=None, interlaced=False, before=b"", parts=1, header=None):
    if samples.ndim == 2:
        samples = samples[:, :, None]
    height, width, channels = samples.shape
    color = 3 if palette is not None else COLOR[channels]
    pixel = max(1, channels * depth // 8)
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    parts_of = [samples[y::dy, x::dx] for x, y, dx, dy in passes] if interlaced else [samples]
    raw = b"".join(filtered(packed(part, depth), pixel) for part in parts_of if part.size)
    data = zlib.compress(raw, 9)
    size = -(-len(data) // parts)
    (HERE / file).write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header or struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced)))
        + before
        + (chunk(b"PLTE", palette.astype(np.uint8).tobytes()) if palette is not None else b"")
        + b"".join(chunk(b"IDAT", data[i : i + size]) for i in range(0, len(data), size))
        + chunk(b"IEND", b"")
    )


WIDTH, HEIGHT = 11, 9
for channels, depths in {1: [1, 2, 4, 8, 16], 2: [8, 16], 3: [8, 16], 4: [8, 16]}.items():
    for depth in depths:
        for interlaced in (False, True):
            file = f"{'gray gray-alpha rgb rgba'.split()[channels - 1]}-{depth}{'-interlaced' if interlaced else ''}.png"
            png(file, picture(WIDTH, HEIGHT, channels, depth), depth, interlaced=interlaced)
            expect(file, WIDTH, HEIGHT)
for depth in (1, 2, 4, 8):
    for interlaced in (False, True):
        file = f"palette-{depth}{'-interlaced' if interlaced else ''}.png"
        png(file, picture(WIDTH, HEIGHT, 1, depth), depth, RANDOM.integers(0, 256, (2**depth, 3)), interlaced)
        expect(file, WIDTH, HEIGHT)
png("one-column-interlaced.png", picture(1, 9), interlaced=True)
expect("one-column-interlaced.png", 1, 9)
exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
png("turned.png", picture(WIDTH, HEIGHT), before=chunk(b"eXIf", exif), parts=7)
expect("turned.png", HEIGHT, WIDTH)
png("transparent.png", picture(WIDTH, HEIGHT), before=chunk(b"tRNS", bytes(6)) + chunk(b"tEXt", b"Comment\0hello"))
expect("transparent.png", WIDTH, HEIGHT)

# Sizes: smaller, larger, both at once, and cut.
png("wide.png", picture(31, 14))
for resize in ("bicubic", "bilinear"):
    for width, height in ((8, 6), (7, 20), (33, 5), (36, 16), (31, 6)):
        expect("wide.png", width, height, resize)
    for width, height, crop in ((8, 8, 1.0), (8, 8, 0.875), (5, 9, 0.3), (9, 3, 1.0)):
        expect("wide.png", width, height, resize, "crop", crop)
expect("wide.png", 8, 6, channels="BGR")
expect("wide.png", 8, 6, channels="GRAY")
expect("gray-8.png", 5, 4, channels="GRAY")
expect("gray-8.png", 5, 4, channels="BGR")


# JPEG.
def jpeg(file, samples, **options):
    Image.fromarray(samples).save(HERE / file, **{"quality": 95, **options})


photo = picture(21, 17)
jpeg("baseline-444.jpg", photo, subsampling=0)
jpeg("baseline-420.jpg", photo, subsampling=2)
jpeg("baseline-422.jpg", photo, subsampling=1)
jpeg("progressive.jpg", photo, progressive=True, optimize=True)
jpeg("restart.jpg", photo, restart_marker_blocks=2)
jpeg("rgb.jpg", photo, keep_rgb=True)
jpeg("gray.jpg", picture(21, 17, 1)[:, :, 0])
jpeg("profile.jpg", photo, icc_profile=bytes(128), comment=b"not a profile")
for file in ("baseline-444", "baseline-420", "baseline-422", "progressive", "restart", "rgb", "gray", "profile"):
    expect(f"{file}.jpg", 21, 17, tolerance=4)
    expect(f"{file}.jpg", 8, 6, tolerance=2)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    jpeg(f"orientation-{orientation}.jpg", picture(24, 14), exif=exif)
    expect(f"orientation-{orientation}.jpg", 7, 5, tolerance=3)
expect("orientation-6.jpg", 6, 6, fit="crop", crop=0.8, tolerance=3)
# without JFIF, as some cameras write it, and with no subsampling: still YCbCr
plain = (HERE / "baseline-444.jpg").read_bytes()
(HERE / "no-jfif.jpg").write_bytes(plain[:2] + plain[20:])
expect("no-jfif.jpg", 8, 6, tolerance=2)

# Letterboxes: bars above and below, at the sides, of an odd rest, none, and round turned pictures.
for resize in ("bicubic", "bilinear"):
    for width, height in ((32, 32), (20, 9), (9, 20), (31, 31), (8, 8), (62, 28), (17, 2)):
        expect("wide.png", width, height, resize, "letterbox")
expect("wide.png", 16, 16, fit="letterbox", channels="BGR", pad=0)
expect("wide.png", 16, 16, fit="letterbox", channels="GRAY", pad=255)
expect("one-column-interlaced.png", 64, 3, fit="letterbox")
for orientation in range(1, 9):
    expect(f"orientation-{orientation}.jpg", 11, 10, fit="letterbox", tolerance=3)

# CMYK, as Adobe's programs write it: inverted, and as YCCK, of which Pillow writes none.
smooth = picture(21, 17, 4)
Image.fromarray(smooth, "CMYK").save(HERE / "cmyk.jpg", quality=95, subsampling=0)
Image.fromarray(smooth, "CMYK").save(HERE / "cmyk-progressive.jpg", quality=95, subsampling=0, progressive=True)
ycck = (HERE / "cmyk.jpg").read_bytes().replace(b"Adobe\0\x64\0\0\0\0\0", b"Adobe\0\x64\0\0\0\0\x02")
(HERE / "ycck.jpg").write_bytes(ycck)
plain = ycck.index(b"\xff\xee")
(HERE / "cmyk-unmarked.jpg").write_bytes(ycck[:plain] + ycck[plain + 16 :])
for file in ("cmyk", "cmyk-progressive", "ycck", "cmyk-unmarked"):
    expect(f"{file}.jpg", 21, 17, tolerance=4)
    expect(f"{file}.jpg", 8, 6, tolerance=2)
expect("cmyk.jpg", 8, 6, channels="GRAY", tolerance=2)

# One colour, whose channels can be told apart in an answer.
solid = np.full((10, 20, 3), (201, 102, 53), np.uint8)
png("solid.png", solid)
jpeg("solid.jpg", solid, quality=100, subsampling=0)

# What the server decodes once before it is ready for images, so that no caller waits for the decoder's classes.
resources = HERE.parents[1] / "main" / "resources" / "dev" / "modelserver" / "server" / "image"
resources.mkdir(parents=True, exist_ok=True)
Image.fromarray(solid[:8, :8]).save(resources / "warm-up.jpg", quality=75, optimize=True)

(HERE / "expected.json").write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")
