#!/usr/bin/env python3
"""Verifies a RemoteAccess ledger without RemoteAccess: Python 3 standard library and the openssl command.

usage: verify_ledger.py LEDGERDIR host.pem [--receipt FILE] [--json] [--openssl-command]

LEDGERDIR is the ledger's directory or a copy of it, host.pem the computer's public key, from where you trust it and not from
beside the ledger. Everything that docs/ledger.md section 6 lists is checked. Exit code 0: intact. 2: not intact; the message
names file, byte and entry. 1: it could not be verified (a file cannot be read, no openssl, not a P-256 key).

With --receipt a session's receipt (docs/ledger-witness.md section 4) is held against the ledger as well: both signatures, that host.pem is
the key of one of the two sides, and that this side's ledger had the root and size in the receipt and holds the session.

Signatures are checked by openssl: by its library where Python can load it (Linux), otherwise, or with --openssl-command, by the
command, which takes a process for each.
"""
import base64
import ctypes
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

MAX_ENTRY, MIN_ENTRY, OVERHEAD, MAX_BATCH, MAX_NOTE, MAX_DEPTH, MAX_INTEGER, SECTOR = 16384, 2, 8, 1 << 20, 512, 16, 1 << 53, 512
SPKI_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
MEMBERS = ["actor", "boot", "data", "grant", "host", "mono", "prev", "seq", "sid", "t", "type", "v"]
HEX = {"boot": (32, False), "grant": (32, True), "host": (64, False), "prev": (64, False), "sid": (32, True)}
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.\d{3}Z", re.ASCII)
TYPE = re.compile(r"[a-z0-9._-]{1,64}")
SEGMENT = re.compile(r"\d{16}\.seg", re.ASCII)
HASHES = re.compile(r"\d{16}\.hashes", re.ASCII)


class NotIntact(Exception):
    """Something is wrong with the ledger."""

    def __init__(self, text, path, offset, sequence):
        super().__init__(text)
        self.problem = {"file": path, "offset": offset, "sequence": sequence, "text": text}

    def __str__(self):
        return "{text} ({name}, byte {offset}, entry {sequence})".format(name=os.path.basename(self.problem["file"]), **self.problem)


class CannotVerify(Exception):
    """Nothing can be said about the ledger."""


# ---- CRC-32C, RFC 3720 section 12.1: four bytes a step, by two tables of 65536

def crc_tables():
    byte = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        byte.append(value)
    late = [0] * 65536
    for value in range(65536):
        first = byte[value & 255]
        late[value] = byte[(first ^ value >> 8) & 255] ^ first >> 8
    early = [late[value & 0xFFFF] ^ value >> 16 for value in late]
    return byte, late, early


CRC_BYTE, CRC_LATE, CRC_EARLY = crc_tables()


def crc32c(data):
    late, early = CRC_LATE, CRC_EARLY
    crc = 0xFFFFFFFF
    words = len(data) >> 2
    for word in struct.unpack_from(f"<{words}I", data):
        word ^= crc
        crc = early[word & 0xFFFF] ^ late[word >> 16]
    for value in data[words << 2:]:
        crc = CRC_BYTE[(crc ^ value) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


# ---- Merkle tree, RFC 6962 section 2.1

class Tree:
    def __init__(self):
        self.size, self.subtrees = 0, []

    def append(self, leaf):
        subtrees = self.subtrees
        bits = self.size
        while bits & 1:
            leaf = hashlib.sha256(b"\1" + subtrees.pop() + leaf).digest()
            bits >>= 1
        subtrees.append(leaf)
        self.size += 1

    def root(self):
        if not self.subtrees:
            return hashlib.sha256(b"").digest()
        root = self.subtrees[-1]
        for subtree in reversed(self.subtrees[:-1]):
            root = hashlib.sha256(b"\1" + subtree + root).digest()
        return root


# ---- Canonical JSON, RFC 8785, as docs/ledger.md section 1 narrows it

def refuse(_):
    raise ValueError("no such number in a ledger")


def integer(text):
    value = int(text)
    if len(text) > 17 or not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise ValueError("beyond 2^53")
    return value


DECODER = json.JSONDecoder(parse_float=refuse, parse_int=integer, parse_constant=refuse)
ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
SORTING_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)


def in_order(value, depth=1):
    """The same value with members by UTF-16 code units; refuses null and what nests too deep."""
    if isinstance(value, (dict, list)) and depth > MAX_DEPTH:
        raise ValueError("nests too deep")
    if isinstance(value, dict):
        return {key: in_order(value[key], depth + 1) for key in sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))}
    if isinstance(value, list):
        return [in_order(item, depth + 1) for item in value]
    if value is None:
        raise ValueError("null")
    return value


def read_entry(raw):
    """The entry's members, or ValueError."""
    text = raw.decode("utf-8")
    entry = DECODER.decode(text)
    simple = text.isascii() and "null" not in text and text.count("{") + text.count("[") <= MAX_DEPTH
    if (SORTING_ENCODER.encode(entry) if simple else ENCODER.encode(in_order(entry))) != text:
        raise ValueError("not in canonical form")
    if type(entry) is not dict or list(entry) != MEMBERS:
        raise ValueError("not the members of an entry")
    if type(entry["actor"]) is not dict or type(entry["data"]) is not dict or type(entry["v"]) is not int or entry["v"] != 1:
        raise ValueError("not an entry")
    for name, (digits, may_be_empty) in HEX.items():
        value = entry[name]
        if type(value) is not str or not (len(value) == digits or may_be_empty and not value) or value.strip("0123456789abcdef"):
            raise ValueError(f"{name} is not hexadecimal")
    for name in ("mono", "seq"):
        if type(entry[name]) is not int or entry[name] < 0:
            raise ValueError(f"{name} is not a count")
    if type(entry["type"]) is not str or not TYPE.fullmatch(entry["type"]):
        raise ValueError("no such type")
    check_time(entry["t"])
    return entry


def check_time(text):
    match = TIME.fullmatch(text) if type(text) is str else None
    if not match:
        raise ValueError("not a time")
    year, month, day, hour, minute, second = map(int, match.groups())
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= days[month - 1] or hour > 23 or minute > 59 or second > 59:
        raise ValueError("not a time")


def is_newer(raw):
    match = re.search(rb',"v":([1-9][0-9]{0,15})}$', raw)
    return bool(match) and 1 < int(match[1]) <= MAX_INTEGER and raw.rfind(b',"v":') == match.start()


# ---- Torn tails, docs/ledger.md section 2

def is_torn(tail):
    if len(tail) > MAX_BATCH:
        return False
    written = tail.rstrip(b"\0")
    if not written:
        return True
    if len(tail) < 4:
        return not tail[:2].strip(b"\0")
    length = int.from_bytes(tail[:4], "big")
    if not MIN_ENTRY <= length <= MAX_ENTRY:
        return False
    if len(tail) >= length + OVERHEAD and len(written) > 4 + length:
        return False
    expected = b'{"actor":{'
    beginning = written[4:4 + len(expected)]
    return beginning == expected[:len(beginning)] and not holds_whole_entry(tail[4:])


def lost_a_sector(tail, offset, extent, least):
    """Whether one of the sectors that the first extent bytes of the tail lie in reads as zeros, as one that a power cut kept from the disk does."""
    start, end = 0, SECTOR - offset % SECTOR
    while start < min(extent, len(tail)):
        part = tail[start:end]
        if not part.strip(b"\0") and (start or len(part) >= least):
            return True
        start, end = end, end + SECTOR
    return False


def record_lost_a_sector(tail, offset):
    length = int.from_bytes(tail[:4], "big") if len(tail) >= 4 else 0
    extent = length + OVERHEAD if MIN_ENTRY <= length <= MAX_ENTRY else 4
    return len(tail) <= MAX_BATCH and lost_a_sector(tail, offset, extent, 3)


def holds_whole_entry(data):
    crc = 0xFFFFFFFF
    for length in range(1, min(len(data) - 4, MAX_ENTRY) + 1):
        crc = CRC_BYTE[(crc ^ data[length - 1]) & 255] ^ crc >> 8
        if length >= MIN_ENTRY and crc ^ 0xFFFFFFFF == int.from_bytes(data[length:length + 4], "big"):
            return True
    return False


# ---- The computer's key

class LibCrypto:
    """openssl's library, for many signatures by one key."""

    def __init__(self, library, der):
        self.library = library
        for name in ("d2i_PUBKEY", "EVP_MD_CTX_new", "EVP_sha256"):
            getattr(library, name).restype = ctypes.c_void_p
        buffer = ctypes.c_char_p(der)
        self.key = ctypes.c_void_p(library.d2i_PUBKEY(None, ctypes.byref(buffer), ctypes.c_long(len(der))))
        self.digest = ctypes.c_void_p(library.EVP_sha256())
        if not self.key:
            raise CannotVerify("The key is not a point on P-256.")

    @staticmethod
    def load(der):
        """None where it cannot be loaded."""
        if sys.platform != "linux":
            return None
        for name in ("libcrypto.so.3", "libcrypto.so.1.1"):
            try:
                return LibCrypto(ctypes.CDLL(name), der)
            except (OSError, AttributeError):
                continue
        return None

    def verifies(self, text, signature):
        context = ctypes.c_void_p(self.library.EVP_MD_CTX_new())
        try:
            return (self.library.EVP_DigestVerifyInit(context, None, self.digest, None, self.key) == 1
                    and self.library.EVP_DigestVerify(context, signature, ctypes.c_size_t(len(signature)), text, ctypes.c_size_t(len(text))) == 1)
        finally:
            self.library.EVP_MD_CTX_free(context)


class HostKey:
    def __init__(self, path, by_command=False):
        self.path = path
        self.by_command = by_command
        der = openssl(["pkey", "-pubin", "-in", path, "-outform", "DER"])
        if len(der) != 91 or not der.startswith(SPKI_PREFIX) or der[26] != 4:
            raise CannotVerify(f"{path} is not a P-256 public key in its usual form (uncompressed).")
        self.point = der[26:]
        self.key_id = hashlib.sha256(der).digest()[:4]
        self.host = hashlib.sha256(b"RAS1 host\0" + der[26:]).hexdigest()
        self.origin = "remoteaccess/ledger/" + self.host
        self.library = None if by_command else LibCrypto.load(der)

    def verify_all(self, notes):
        """Whether each of the checkpoints is signed with this key."""
        if self.library:
            return [self.library.verifies(note.text, note.signature) for note in notes]
        with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(os.cpu_count() or 1) as workers:
            return list(workers.map(lambda pair: self.verifies(pair[1].text, pair[1].signature, scratch, pair[0]), enumerate(notes)))

    def verifies(self, text, signature, directory, number):
        paths = [os.path.join(directory, f"{number}.{kind}") for kind in ("text", "der")]
        for path, content in zip(paths, (text, signature)):
            with open(path, "wb") as file:
                file.write(content)
        # A process for each signature is most of the time this takes: no pipes, and nothing that keeps Python from spawning it the cheap way.
        code = subprocess.call(["openssl", "dgst", "-sha256", "-verify", self.path, "-signature", paths[1], paths[0]],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False)
        for path in paths:
            os.unlink(path)
        return code == 0


def openssl(arguments):
    try:
        done = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, capture_output=True)
    except FileNotFoundError:
        raise CannotVerify("The openssl command is needed and is not there.") from None
    if done.returncode != 0:
        raise CannotVerify(f"openssl {arguments[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


# ---- Checkpoints, docs/ledger.md section 5

class Checkpoint:
    def __init__(self, offset, size, root, text, signature):
        self.offset, self.size, self.root, self.text, self.signature = offset, size, root, text, signature


def exact_base64(text):
    try:
        value = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return value if base64.b64encode(value) == text else None


def read_note(note, offset, key):
    """The checkpoint in these five lines, or None."""
    lines = note.split(b"\n")
    start = f"— {key.origin} ".encode()
    if lines[0] != key.origin.encode() or lines[3] or not re.fullmatch(rb"0|[1-9][0-9]{0,15}", lines[1]) or int(lines[1]) > MAX_INTEGER:
        return None
    root = exact_base64(lines[2])
    signed = exact_base64(lines[4][len(start):]) if lines[4].startswith(start) else None
    if root is None or len(root) != 32 or signed is None or not 12 <= len(signed) <= 76 or signed[:4] != key.key_id:
        return None
    return Checkpoint(offset, int(lines[1]), root, b"\n".join(lines[:3]) + b"\n", signed[4:])


def end_of_note(data):
    end = 0
    for _ in range(5):
        end = data.find(b"\n", end, MAX_NOTE) + 1
        if not end:
            return 0
    return end


def is_torn_note(tail, key):
    if len(tail) >= MAX_NOTE or end_of_note(tail):
        return False
    written = tail.rstrip(b"\0")
    # What a whole note can be, cut anywhere: the sizes of its parts are known, so each part is held against what may stand there.
    origin, start = (key.origin + "\n").encode(), f"— {key.origin} ".encode()
    if len(written) <= len(origin):
        return origin.startswith(written)
    lines = written.split(b"\n")
    if not written.startswith(origin):
        return False
    if len(lines) == 2:
        return re.fullmatch(rb"[0-9]{0,16}", lines[1]) is not None
    if not re.fullmatch(rb"0|[1-9][0-9]{0,15}", lines[1]) or int(lines[1]) > MAX_INTEGER:
        return False
    if len(lines) == 3:
        return re.fullmatch(rb"[A-Za-z0-9+/=]{0,44}", lines[2]) is not None
    root = exact_base64(lines[2])
    if root is None or len(root) != 32 or lines[3]:
        return False
    if len(lines) == 4:
        return True
    line = b"\n".join(lines[4:])
    if len(line) <= len(start):
        return start.startswith(line)
    encoded = line[len(start):]
    whole = encoded[:len(encoded) // 4 * 4]
    decoded = exact_base64(whole)
    if not line.startswith(start) or decoded is None:
        return False
    rest = encoded[len(whole):]
    ends_too_late = len(decoded) > 6 and len(decoded) >= 6 + decoded[5] and rest
    return not ends_too_late and len(decoded) <= 76 and re.fullmatch(rb"[A-Za-z0-9+/=]*", rest) is not None


# ---- Receipts, docs/ledger-witness.md section 4

RECEIPT, RECEIPT_FILE, POINT, SIGNATURE = 133, 391, 65, 64


class Reading:
    """Bytes taken one after the other."""

    def __init__(self, data):
        self.data = data

    def bytes(self, count):
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def integer(self, count):
        return int.from_bytes(self.bytes(count), "big")


class SessionReceipt:
    def __init__(self, path, key):
        self.path = path
        with open(path, "rb") as file:
            text = file.read(4096)
        match = re.fullmatch(rb"\s*-----BEGIN REMOTEACCESS SESSION RECEIPT-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END REMOTEACCESS SESSION RECEIPT-----\s*", text)
        content = exact_base64(b"".join(match[1].split())) if match else None
        if content is None or len(content) != RECEIPT_FILE or content[0] != 1:
            raise self.wrong("This is not a receipt.")
        signed, rest = content[:RECEIPT], Reading(content[RECEIPT:])
        parts = [(rest.bytes(POINT), rest.bytes(SIGNATURE)) for _ in range(2)]
        statement = b" " * 64 + b"RAS1 receipt\0" + hashlib.sha256(signed).digest()
        for side, (point, signature) in zip(("computer", "technician"), parts):
            if not verifies_raw(point, statement, signature, key.by_command):
                raise self.wrong(f"The {side}'s signature is wrong.")
        body = Reading(signed[1:])
        self.session, self.grant = body.bytes(16).hex(), body.bytes(16).hex()
        self.began, self.ended = body.integer(8), body.integer(8)
        heads = [(body.integer(8), body.bytes(32)) for _ in range(2)]
        self.used = body.integer(4)
        if self.began > self.ended or self.used >> 10:
            raise self.wrong("The receipt says what cannot be.")
        mine = [head for (point, _), head in zip(parts, heads) if point == key.point]
        if not mine:
            raise self.wrong("The receipt was signed by neither side of this key.")
        self.size, self.root = mine[0]
        self.end = "session.ended" if parts[0][0] == key.point else "session.witnessed"
        self.found = False

    def wrong(self, text, sequence=0):
        return NotIntact(text, self.path, 0, sequence)


def verifies_raw(point, text, signature, by_command):
    """ECDSA with r and s of 32 bytes, by a key that is a point."""
    der = der_sequence(*(der_integer(part) for part in (signature[:32], signature[32:])))
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "key.pem")
        with open(path, "wb") as file:
            file.write(b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(SPKI_PREFIX + point) + b"-----END PUBLIC KEY-----\n")
        key = HostKey(path, by_command)
        return key.library.verifies(text, der) if key.library else key.verifies(text, der, scratch, 0)


def der_integer(value):
    value = value.lstrip(b"\0") or b"\0"
    value = b"\0" + value if value[0] & 128 else value
    return b"\2" + bytes([len(value)]) + value


def der_sequence(*parts):
    content = b"".join(parts)
    return b"\x30" + bytes([len(content)]) + content


# ---- The verification

class Verification:
    def __init__(self, directory, key, receipt=None):
        self.directory, self.key, self.tree, self.receipt = directory, key, Tree(), receipt
        self.last_leaf, self.signed, self.count, self.torn = bytes(32), 0, 0, 0
        self.pruned, self.recorded_pruning, self.signed_pruning = 0, 0, 0
        self.path = os.path.join(directory, "checkpoints")

    def run(self):
        checkpoints, self.bad = self.read_checkpoints()
        self.checkpoints = iter(checkpoints)
        self.advance()
        self.compare()
        present = os.listdir(self.directory)
        names = sorted(name for name in present if name.endswith(".seg"))
        # A segment that is there counts, not its hashes.
        hashes = sorted(name for name in present if name.endswith(".hashes") and name[:-7] + ".seg" not in present)
        for number, name in enumerate(names):
            while hashes and hashes[0][:16] < name[:16]:
                self.verify_pruned(hashes.pop(0))
            path = os.path.join(self.directory, name)
            if not SEGMENT.fullmatch(name):
                raise NotIntact("This is not a name the ledger gives to a segment.", path, 0, self.tree.size)
            if int(name[:16]) != self.tree.size:
                raise NotIntact(f"The next segment should begin with entry {self.tree.size}; this one is named for entry {int(name[:16])}.", path, 0, self.tree.size)
            self.verify_segment(path, number == len(names) - 1)
        if hashes:
            raise NotIntact("These hashes have no segment after them, and the last one is never pruned.", os.path.join(self.directory, hashes[0]), 0, self.tree.size)
        if self.next:
            raise self.at_checkpoint(self.next, f"The computer signed that there were {self.next.size} entries, and {self.tree.size} are there: the others were removed.")
        if self.pruned > self.signed_pruning:
            raise NotIntact(f"The first {self.pruned} entries are kept as hashes only, and no signed entry records that they were pruned.", os.path.join(self.directory, "0" * 16 + ".hashes"), 0, 0)
        if self.receipt and self.tree.size < self.receipt.size:
            raise self.receipt.wrong(f"The receipt is about {self.receipt.size} entries, and {self.tree.size} are there: the others were removed.", self.tree.size)

    def verify_pruned(self, name):
        """What is kept as hashes only, docs/ledger-witness.md section 6."""
        path = os.path.join(self.directory, name)
        if not HASHES.fullmatch(name):
            raise NotIntact("This is not a name the ledger gives to hashes.", path, 0, self.tree.size)
        if int(name[:16]) != self.tree.size:
            raise NotIntact(f"The hashes of entry {self.tree.size} should be next; this file is named for entry {int(name[:16])}.", path, 0, self.tree.size)
        with open(path, "rb") as file:
            data = file.read()
        count = (len(data) - 28) // 32
        header = b"RASH" + (1).to_bytes(4, "big") + self.tree.size.to_bytes(8, "big") + max(count, 0).to_bytes(8, "big")
        if count < 1 or len(data) != 28 + 32 * count or data[:24] != header or crc32c(data[:-4]) != int.from_bytes(data[-4:], "big"):
            raise NotIntact("The file does not hold the hashes of pruned entries with a right checksum.", path, 0, self.tree.size)
        for at in range(24, len(data) - 4, 32):
            self.last_leaf = data[at:at + 32]
            self.tree.append(self.last_leaf)
            self.pruned = self.tree.size
            self.compare()
            self.hold_against_receipt()

    def hold_against_receipt(self, entry=None):
        """After each entry: is the tree the one that was signed for, and is the session in it?"""
        receipt = self.receipt
        if not receipt or self.tree.size > receipt.size:
            return
        if entry and entry["type"] == receipt.end and entry["sid"] == receipt.session and entry["grant"] == receipt.grant:
            receipt.found = True
        if self.tree.size == receipt.size:
            if self.tree.root() != receipt.root:
                raise receipt.wrong(f"The first {receipt.size} entries are not the ones that the receipt was signed for.", receipt.size)
            if not receipt.found and not self.pruned:
                raise receipt.wrong(f"The ledger has no {receipt.end} of the receipt's session among its first {receipt.size} entries.", receipt.size)

    def verify_segment(self, path, is_last):
        with open(path, "rb") as file:
            data = file.read()
        at, end = 0, len(data)
        while at < end:
            length = int.from_bytes(data[at:at + 4], "big")
            raw = data[at + 4:at + 4 + length]
            after = at + length + OVERHEAD
            whole = end - at >= 4 and MIN_ENTRY <= length <= MAX_ENTRY and after <= end
            if not whole or crc32c(raw) != int.from_bytes(data[after - 4:after], "big"):
                tail = data[at:at + MAX_BATCH + 1]
                if not is_last or not (is_torn(tail) or record_lost_a_sector(tail, at)):
                    raise NotIntact("The bytes here are not a whole record with a right checksum.", path, at, self.tree.size)
                self.torn = end - at
                return
            self.take(raw, path, at)
            at = after

    def take(self, raw, path, offset):
        def wrong(text):
            return NotIntact(text, path, offset, self.tree.size)
        try:
            entry = read_entry(raw)
        except (ValueError, RecursionError) as reason:
            if is_newer(raw):
                raise wrong("The entry was written by a later version of this software, which must verify it.") from None
            raise wrong(f"The record holds something that is not an entry in canonical form: {reason}.") from None
        if entry["seq"] != self.tree.size:
            raise wrong(f"The entry says it is number {entry['seq']}.")
        if entry["host"] != self.key.host:
            raise wrong("The entry belongs to another computer.")
        if entry["prev"] != self.last_leaf.hex():
            raise wrong("The entry does not continue the one before: something was changed, removed or put in.")
        if self.pruned and entry["type"] == "ledger.pruned" and type(entry["data"].get("to")) is int:
            self.recorded_pruning = max(self.recorded_pruning, entry["data"]["to"])
        self.last_leaf = hashlib.sha256(b"\0" + raw).digest()
        self.tree.append(self.last_leaf)
        self.compare()
        self.hold_against_receipt(entry)

    def compare(self):
        while self.next and self.next.size == self.tree.size:
            if self.next.root != self.tree.root():
                raise self.at_checkpoint(self.next, f"The first {self.next.size} entries are not the ones that the computer signed.")
            self.count, self.signed, self.signed_pruning = self.count + 1, self.next.size, self.recorded_pruning
            self.advance()

    def advance(self):
        self.next = next(self.checkpoints, None)
        if self.next is None and self.bad:
            self.bad.problem["sequence"] = self.tree.size
            raise self.bad

    def at_checkpoint(self, checkpoint, text):
        return NotIntact(text, self.path, checkpoint.offset, self.tree.size)

    def read_checkpoints(self):
        """All right checkpoints up to the first wrong one, and what is wrong with that."""
        if not os.path.exists(self.path):
            return [], None
        with open(self.path, "rb") as file:
            data = file.read()
        found, at, bad = [], 0, None
        while at < len(data):
            end = end_of_note(data[at:at + MAX_NOTE])
            note = read_note(data[at:at + end - 1], at, self.key) if end else None
            if not note:
                tail = data[at:at + MAX_NOTE]
                if not is_torn_note(tail, self.key) and not (len(tail) < MAX_NOTE and lost_a_sector(tail, at, len(tail), 1)):
                    bad = NotIntact("The bytes here are not a checkpoint of this computer.", self.path, at, self.tree.size)
                break
            if found and note.size <= found[-1].size:
                bad = NotIntact(f"The checkpoint is about {note.size} entries and stands after one about {found[-1].size}.", self.path, at, self.tree.size)
                break
            found.append(note)
            at += end
        verdicts = self.key.verify_all(found)
        if False in verdicts:
            first = verdicts.index(False)
            bad = NotIntact(f"The checkpoint about {found[first].size} entries was not signed with this computer's key.", self.path, found[first].offset, self.tree.size)
            found = found[:first]
        return found, bad

    def describe(self, problem):
        return {
            "ok": problem is None, "entries": self.tree.size, "signedEntries": self.signed, "checkpoints": self.count,
            "prunedEntries": self.pruned, "tornBytes": self.torn, "root": self.tree.root().hex(), "problem": problem,
        }


def main(arguments):
    as_json, by_command = "--json" in arguments, "--openssl-command" in arguments
    names, receipt = [name for name in arguments if name not in ("--json", "--openssl-command")], None
    if "--receipt" in names[:-1]:
        at = names.index("--receipt")
        receipt, names = names[at + 1], names[:at] + names[at + 2:]
    if len(names) != 2 or any(name.startswith("-") for name in names):
        print(__doc__.strip(), file=sys.stderr)
        return 1
    try:
        if not os.path.isdir(names[0]):
            raise CannotVerify(f"There is no ledger in {names[0]}.")
        key = HostKey(names[1], by_command)
        verification = Verification(names[0], key)
        problem = None
        try:
            if receipt:
                verification.receipt = SessionReceipt(receipt, key)
            verification.run()
        except NotIntact as wrong:
            problem = wrong
    except (CannotVerify, OSError) as reason:
        print(f"verify_ledger: {reason}", file=sys.stderr)
        return 1
    if as_json:
        print(json.dumps(verification.describe(problem and problem.problem)))
    elif problem:
        print(problem)
    else:
        print(f"The ledger is intact: {verification.tree.size} entries, {verification.signed} of them signed in {verification.count} checkpoints."
              + (f" The first {verification.pruned} were pruned: their hashes are kept." if verification.pruned else "")
              + (f" An interrupted write left {verification.torn} bytes that were never acknowledged." if verification.torn else "")
              + (f" Both sides signed the receipt of session {verification.receipt.session}, and this ledger is the one they signed for." if receipt else ""))
    return 2 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
