"""What crosses the network: messages, their JSON form, session tokens. Sans I/O: bytes in, structs out, and back.

May import `base`. Messages are declared once, in `api`; `codec_json` knows how Nakama's JSON spells them.
"""
