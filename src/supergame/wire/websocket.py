"""WebSocket framing of what servers send (RFC 6455, section 5.2), so that a message to many is framed once."""

TEXT = 0x81  # FIN and the opcode
BINARY = 0x82


def frame(opcode: int, payload: bytes) -> bytes:
    """One whole, unmasked message."""
    size = len(payload)
    if size < 126:
        return bytes((opcode, size)) + payload
    if size < 65536:
        return bytes((opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((opcode, 127)) + size.to_bytes(8, "big") + payload
