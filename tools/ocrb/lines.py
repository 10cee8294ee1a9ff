"""Synthetic pictures of lines in OCR-B, as the band finder cuts them out of pages.

Everything is drawn from one random generator, so that a seed says what was drawn. The preparation
(`prepared`) is the same as in `crates/scanner/src/mrz/net.rs`: change both or neither.
"""

import glob
import string

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

cv2.setNumThreads(1)

HEIGHT = 32  # pixels of a line's picture, letters 13 to 22 of them
CLASSES = string.digits + string.ascii_uppercase + "<"  # class 0 is the blank
CAP = 28  # pixels of a capital on the master drawing
SIDE = 8  # pixels beside a character on its mask

FONTS = [
    # path, share
    ("/usr/share/fonts/opentype/ocr-b/OCRB.otf", 0.62),
    ("/usr/share/fonts/opentype/ocr-b/OCRBS.otf", 0.26),
    ("/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf", 0.04),
    ("/usr/share/fonts/truetype/liberation/LiberationMono-Bold.ttf", 0.03),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 0.05),
]

STATES = (
    "AUT BEL BGR HRV CYP CZE DNK EST FIN FRA D GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU SVK SVN ESP "
    "SWE GBR CHE NOR ISL LIE USA CAN MEX BRA ARG CHL COL PER VEN MAR DZA TUN EGY LBY SEN CIV MLI CMR COD COG "
    "GAB TGO BEN NER TCD GIN MDG MUS COM HTI LBN SYR TUR IRN IRQ AFG PAK IND BGD LKA NPL CHN JPN KOR PRK VNM "
    "LAO KHM THA MYS SGP IDN PHL AUS NZL UKR RUS BLR MDA GEO ARM AZE KAZ UZB KGZ TJK TKM MNG SRB MNE BIH MKD "
    "ALB XKX ISR PSE JOR SAU ARE QAT KWT OMN YEM ETH ERI SOM KEN UGA TZA RWA BDI ZAF NGA GHA UTO XXA XXB XXC"
).split()
VOWELS = "AAAEEEIIOOUY"
CONSONANTS = "BCDFGHJKLLMMNNNPQRRRSSSTTTVWXZ"


def check(text):
    values = [0 if c == "<" else int(c) if c.isdigit() else ord(c) - 55 for c in text]
    return str(sum(v * w for v, w in zip(values, [7, 3, 1] * len(values))) % 10)


class Texts:
    """Lines of machine-readable zones of people who do not exist, and lines of anything."""

    def __init__(self, rng):
        self.rng = rng

    def of(self, letters, count):
        return "".join(self.rng.choice(list(letters), count)) if count > 0 else ""

    def name(self):
        parts = self.rng.integers(1, 5)
        out = ""
        for _ in range(parts):
            out += self.of(CONSONANTS, self.rng.integers(0, 3)) + self.of(VOWELS, 1)
        return (out + self.of(CONSONANTS, self.rng.integers(0, 2)))[:14] or "LI"

    def names(self, width):
        join = lambda count: "<".join(self.name() for _ in range(count))
        out = join(self.rng.integers(1, 3)) + "<<" + join(self.rng.integers(1, 4))
        return (out + "<" * width)[:width]

    def date(self):
        r = self.rng
        return f"{r.integers(0, 100):02}{r.integers(1, 13):02}{r.integers(1, 32):02}"

    def number(self, count):
        kind = self.rng.integers(0, 3)
        if kind == 0:
            out = self.of(string.digits, count)
        elif kind == 1:
            out = self.of(string.ascii_uppercase, 2) + self.of(string.digits, count - 2)
        else:
            out = self.of(string.ascii_uppercase + string.digits, count)
        short = int(self.rng.choice([0, 0, 0, 1, 2]))
        return out[: count - short] + "<" * short

    def optional(self, count):
        kind = self.rng.integers(0, 3)
        if kind == 0:
            return "<" * count
        return (self.number(int(self.rng.integers(2, count + 1))) + "<" * count)[:count]

    def line(self):
        r = self.rng
        kind = r.integers(0, 20)
        state = (str(r.choice(STATES)) + "<<")[:3]
        nation = (str(r.choice(STATES)) + "<<")[:3]
        number = self.number(9)
        data = number + check(number) + nation
        birth, expiry = self.date(), self.date()
        data += birth + check(birth) + str(r.choice(list("MF<X"))) + expiry + check(expiry)
        if kind < 3:
            code = str(r.choice(["P<", "PA", "PC", "PD", "PS", "PO", "V<", "VC", "VN"]))
            return code + state + self.names(39)
        if kind < 6:
            optional = self.optional(14)
            return data + optional + check(optional) + self.of(string.digits, 1)
        if kind < 7:
            return data + self.optional(16)
        if kind < 8:
            return str(r.choice(["I<", "V<", "VC", "AC", "IR", "P<"])) + state + self.names(31)
        if kind < 9:
            return data + self.optional(7) + self.of(string.digits, 1)
        if kind < 10:
            return str(r.choice(["I<", "ID", "IR", "AR", "AC", "C<", "IP"])) + state + number + check(number) + self.optional(15)
        if kind < 11:
            return birth + check(birth) + str(r.choice(list("MF<"))) + expiry + check(expiry) + nation + self.optional(11) + self.of(string.digits, 1)
        if kind < 12:
            return self.names(30)
        if kind < 13:
            return "IDFRA" + (self.name() + "<" * 25)[:25] + self.optional(6)
        if kind < 14:
            return self.of(string.digits, 13) + (self.name() + "<<" + self.name() + "<" * 14)[:14] + birth + check(birth) + "MF"[r.integers(0, 2)] + self.of(string.digits, 1)
        # Anything: what is rare in zones must be told as well as what is frequent.
        width = int(r.choice([30, 36, 44]))
        letters = [CLASSES, string.digits + "<<<<<<", "0O1I2Z5S8B6GDQ<CKXL7TVUY", string.digits, string.ascii_uppercase][r.integers(0, 5)]
        return self.of(letters, width)


class Glyphs:
    """Masks of the characters of a font, capitals `CAP` pixels high."""

    def __init__(self, path):
        font = ImageFont.truetype(path, 200)
        box = font.getbbox("H")
        font = ImageFont.truetype(path, round(200 * CAP / (box[3] - box[1])))
        box = font.getbbox("H")
        self.pitch = font.getlength("H")
        self.masks = {}
        cell = (round(self.pitch) + 2 * SIDE, CAP * 2)
        for c in CLASSES:
            picture = Image.new("L", cell, 0)
            ImageDraw.Draw(picture).text((SIDE, CAP * 1.5 - box[3]), c, font=font, fill=255)
            self.masks[c] = np.asarray(picture, np.uint8)


class Lines:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.texts = Texts(self.rng)
        present = [(path, share) for path, share in FONTS if glob.glob(path)]
        self.fonts = [Glyphs(path) for path, _ in present]
        shares = np.array([share for _, share in present])
        self.shares = shares / shares.sum()
        # Slow to draw: parts of a few are used.
        self.papers = [self.pattern(CAP * 9, CAP * 44) for _ in range(60)]

    def chance(self, share):
        return self.rng.random() < share

    def between(self, low, high):
        return float(self.rng.uniform(low, high))

    def mask(self, glyphs, text, pitch, width, left, jitter):
        """The ink of a line on a strip `CAP * 2` high."""
        out = np.zeros((CAP * 2, width), np.uint8)
        for i, c in enumerate(text):
            m = glyphs.masks[c]
            x = int(round(left + i * pitch - SIDE + self.rng.normal(0, jitter)))
            y = int(round(self.rng.normal(0, jitter * 0.6)))
            if x < 0:
                m, x = m[:, -x:], 0
            m = m[:, : max(0, width - x)]
            if m.shape[1] == 0:
                continue
            if y > 0:
                m = np.vstack([np.zeros((y, m.shape[1]), np.uint8), m[:-y]])
            elif y < 0:
                m = np.vstack([m[-y:], np.zeros((-y, m.shape[1]), np.uint8)])
            np.maximum(out[:, x : x + m.shape[1]], m, out=out[:, x : x + m.shape[1]])
        return out

    def background(self, h, w):
        """Paper from 0 (black) to 1."""
        base = np.full((h, w), self.between(0.55, 1.0), np.float32)
        for _ in range(int(self.rng.choice([0, 1, 1, 2]))):
            pattern = self.papers[self.rng.integers(0, len(self.papers))]
            y = int(self.rng.integers(0, pattern.shape[0] - h + 1))
            x = int(self.rng.integers(0, max(1, pattern.shape[1] - w)))
            part = pattern[y : y + h, x : x + w]
            if part.shape[1] < w:
                part = np.pad(part, ((0, 0), (0, w - part.shape[1])), mode="reflect")
            base += part[:: int(self.rng.choice([-1, 1])), :: int(self.rng.choice([-1, 1]))] * self.between(0.3, 1.2)
        return base

    def pattern(self, h, w):
        """What is printed on the paper below the text, as a change of its brightness."""
        r = self.rng
        base = np.zeros((h, w), np.float32)
        if self.chance(0.7):
            # Guilloche: families of wavy lines.
            yy, xx = np.mgrid[0:h, 0:w].astype(np.float32) / CAP
            for _ in range(r.integers(1, 5)):
                angle, period = self.between(0, np.pi), self.between(0.12, 0.9)
                wave = self.between(0, 0.8) * np.sin(xx * self.between(0.3, 3) + yy * self.between(0.3, 3))
                phase = (xx * np.cos(angle) + yy * np.sin(angle) + wave) / period
                line = np.clip(np.cos(phase * 2 * np.pi) * self.between(1, 4) + self.between(-2, 1), 0, 1)
                base -= line * self.between(0.03, 0.32)
        if self.chance(0.6):
            # Clouds, pictures and dirt: noise of several sizes.
            for size in (0.3, 1, 3, 8):
                gh, gw = max(2, int(h / CAP / size) + 2), max(2, int(w / CAP / size) + 2)
                grid = r.normal(0, 1, (gh, gw)).astype(np.float32)
                base += cv2.resize(grid, (w, h), interpolation=cv2.INTER_CUBIC) * self.between(0, 0.07)
        return base

    def clutter(self, paper, h, w):
        """Things beside the text: rules, edges of the card, blots."""
        for _ in range(self.rng.integers(0, 3)):
            dark = self.between(0.1, 0.6)
            kind = self.rng.integers(0, 3)
            if kind == 0:
                y = int(self.rng.integers(0, h))
                cv2.line(paper, (0, y), (w, y + int(self.rng.integers(-6, 7))), dark, int(self.rng.integers(1, 5)))
            elif kind == 1:
                x = int(self.rng.integers(0, w))
                cv2.line(paper, (x, 0), (x + int(self.rng.integers(-50, 50)), h), dark, int(self.rng.integers(1, 4)))
            else:
                centre = (int(self.rng.integers(0, w)), int(self.rng.integers(0, h)))
                cv2.ellipse(paper, centre, (int(self.rng.integers(10, 90)),) * 2, 0, 0, 360, dark, int(self.rng.integers(1, 6)))

    def sample(self, chars=None):
        """A prepared picture of a line, `HEIGHT` rows of floats, and its text."""
        r = self.rng
        text = self.texts.line()
        if chars is not None and len(text) > chars:
            at = int(r.integers(0, len(text) - chars + 1))
            text = text[at : at + chars]
        glyphs = self.fonts[r.choice(len(self.fonts), p=self.shares)]
        pitch = glyphs.pitch * (self.between(0.93, 1.12) if self.chance(0.7) else self.between(0.82, 1.3))
        # Blank paper, or what stands beside the line, at its ends.
        before = self.between(0.1, 1.2) if self.chance(0.75) else self.between(1, 5)
        after = self.between(0.1, 1.2) if self.chance(0.75) else self.between(1, 5)
        w = int((len(text) + before + after) * pitch)
        h = CAP * 5
        jitter = self.between(0, 0.7) if self.chance(0.5) else 0
        ink = np.zeros((h, w), np.uint8)
        middle = CAP * 2  # top of the capitals
        ink[middle - CAP // 2 : middle + CAP * 3 // 2] = self.mask(glyphs, text, pitch, w, before * pitch, jitter)
        apart = self.between(1.75, 2.9) * CAP
        for side in (-1, 1):
            if self.chance(0.5):
                top = int(middle - CAP // 2 + side * apart)
                other = self.mask(glyphs, self.texts.line()[: len(text) + 2], pitch, w, before * pitch + self.between(-5, 5), jitter)
                low, high = max(0, top), min(h, top + CAP * 2)
                if low < high:
                    np.maximum(ink[low:high], other[low - top : high - top], out=ink[low:high])
        weight = self.rng.integers(-3, 6)
        if weight > 1:
            ink = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (int(weight),) * 2))
        elif weight < -2:
            ink = cv2.erode(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2, 2)))
        ink = ink.astype(np.float32) / 255
        if self.chance(0.12):
            # A dry or rough print.
            grid = r.normal(0, 1, (h // 4, w // 4)).astype(np.float32)
            ink *= np.clip(1.2 + cv2.resize(grid, (w, h)) * self.between(0.1, 0.5), 0, 1)
        paper = self.background(h, w)
        if self.chance(0.2):
            self.clutter(paper, h, w)
        dark = self.between(0.0, 0.25) if self.chance(0.75) else self.between(0.25, 0.5)
        picture = paper * (1 - ink) + np.minimum(dark, paper - 0.12) * ink
        # How it is cut out: height of the capitals on the result, turn, shear, perspective.
        cap = self.between(14, 20) if self.chance(0.75) else self.between(12, 23)
        scale = cap / CAP
        stretch = self.between(0.93, 1.08) if self.chance(0.7) else self.between(0.8, 1.25)
        out_w = max(16, int(w * scale * stretch))
        drift = (HEIGHT - cap) / 2
        top = drift + self.between(-0.75, 0.75) * max(drift - 1.0, 0.5)
        lean = np.tan(np.radians(self.rng.normal(0, 4)))
        slope = np.tan(np.radians(np.clip(self.rng.normal(0, 0.5), -2, 2)))
        # A long line cannot leave the strip.
        slope = np.clip(slope, -3.5 / out_w, 3.5 / out_w) if self.chance(0.8) else np.clip(slope, -6 / out_w, 6 / out_w)
        sx, sy = scale * stretch, scale
        a = np.array([[sx, lean * sy, -lean * sy * (middle + CAP / 2)], [slope * sx, sy, top - sy * middle - slope * out_w / 2], [0, 0, 1]], np.float64)
        if self.chance(0.3):
            a[2, 0] = self.between(-0.12, 0.12) / w
        # First to the resolution it was taken at, then to the size it is read at.
        taken = 1.0
        if self.chance(0.75):
            taken = self.between(8.5, 22) / cap if self.chance(0.7) else self.between(20, 36) / cap
        tw, th = max(12, int(out_w * taken)), max(8, int(HEIGHT * taken))
        fit = np.diag([tw / out_w, th / HEIGHT, 1.0]) @ a
        shrink = tw / out_w * scale
        if shrink < 0.5:
            picture = cv2.GaussianBlur(picture, (0, 0), 0.4 / shrink)
        low = cv2.warpPerspective(picture, fit, (tw, th), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        low = self.taken(low, cap * taken)
        if self.chance(0.06):
            cut = int(r.integers(1, 4))
            edge = slice(0, cut) if self.chance(0.5) else slice(th - cut, th)
            low[edge] = self.between(0, 255)
        sized = cv2.resize(low, (out_w, HEIGHT), interpolation=cv2.INTER_AREA if taken > 1 else cv2.INTER_LINEAR)
        return prepared(sized), text

    def taken(self, low, cap):
        """What light, lens, sensor and file do to it; grey bytes."""
        h, w = low.shape
        r = self.rng
        if self.chance(0.5):
            # Light from a side, and the edge of a shadow.
            ramp = np.linspace(self.between(0.6, 1.05), self.between(0.6, 1.05), w, dtype=np.float32)
            low = low * ramp[None, :]
        if self.chance(0.2):
            x = self.between(0, w)
            edge = 1 / (1 + np.exp(np.clip((x - np.arange(w, dtype=np.float32)) / self.between(1, 20), -30, 30)))
            low = low * (1 - edge * self.between(0.1, 0.5))[None, :]
        if self.chance(0.12):
            x, wide = self.between(0, w), self.between(10, 80)
            glare = np.exp(-(((np.arange(w, dtype=np.float32) - x) / wide) ** 2))
            low = low + glare[None, :] * self.between(0.1, 0.5)
        if self.chance(0.55):
            sigma = self.between(0.2, 0.085 * cap)
            low = cv2.GaussianBlur(low, (0, 0), sigma, sigmaY=sigma * self.between(0.6, 1.4))
        elif self.chance(0.15):
            length = int(self.between(2, 0.28 * cap + 2))
            kernel = np.zeros((length, length), np.float32)
            if self.chance(0.5):
                kernel[length // 2] = 1 / length
            else:
                kernel[:, length // 2] = 1 / length
            low = cv2.filter2D(low, -1, kernel)
        if self.chance(0.25):
            low = np.clip(0.5 + (low - 0.5) * self.between(0.5, 1.8), 0, 1)
        noise = self.between(0, 0.03) if self.chance(0.7) else self.between(0.03, 0.09)
        low = low + r.normal(0, 1, low.shape).astype(np.float32) * noise
        if self.chance(0.1):
            # Sharpened by a phone or a scanner.
            low = low + (low - cv2.GaussianBlur(low, (0, 0), 1.2)) * self.between(0.5, 2)
        low = np.clip(low * 255, 0, 255).astype(np.uint8)
        if self.chance(0.6):
            quality = int(r.integers(20, 75))
            low = cv2.imdecode(cv2.imencode(".jpg", low, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0)
        return low


def prepared(grey):
    """Ink from 0 to 1: divided by the brightness of the paper around, stretched by the darkest there is."""
    h, w = grey.shape
    blocks = max(1, round(w / HEIGHT))
    edges = np.arange(blocks + 1) * w // blocks
    paper = np.array([np.sort(grey[:, a:b], axis=None)[int((h * (b - a) - 1) * 0.8)] for a, b in zip(edges, edges[1:])], np.float32)
    paper = np.maximum(paper, 8)
    centres = (edges[:-1] + edges[1:]) / 2
    local = np.interp(np.arange(w), centres, paper).astype(np.float32)
    ratio = grey / local[None, :]
    dark = np.sort(ratio, axis=None)[int((ratio.size - 1) * 0.03)]
    return np.clip((1 - ratio) / max(1 - dark, 0.08), -0.5, 1.5).astype(np.float32)
