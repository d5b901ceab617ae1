"""Every bound of the platform in one table, and what happens beyond it. `tests/unit/base/test_limits.py` has a test per row."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Defaults suit one process on a small machine; a test or an operator passes another table."""

    # --- gateway: what a peer may send before it is refused
    connections_max: int = 20_000  # one more is closed at once
    connections_per_address_max: int = 2_000  # one more from that address is closed at once (trusted proxies excepted)
    head_bytes_max: int = 16_384  # request line and headers; beyond: 431, closed
    headers_max: int = 64  # beyond: 431, closed
    head_deadline_s: float = 10.0  # from the first byte (or the connect) to the end of the head; beyond: 408, closed
    body_bytes_max: int = 262_144  # declared, received or unpacked; beyond: 413, closed
    body_deadline_s: float = 30.0  # from head to the body's last byte; beyond: 408, closed
    answer_deadline_s: float = 30.0  # from a whole request to its answer; beyond: the handler is cancelled, 504
    idle_s: float = 75.0  # a kept-alive connection without a request; beyond: closed
    requests_queued_max: int = 8  # pipelined on one connection; beyond: reading pauses
    write_stall_s: float = 30.0  # a peer that reads nothing of its answers; beyond: closed
    drain_s: float = 10.0  # SIGTERM to end: requests in flight may finish; beyond: cut off
    socket_message_bytes_max: int = 4_096  # a WebSocket message; beyond: close 1009
    socket_messages_queued_max: int = 128  # of one session, waiting for those before them; beyond: close 1008
    socket_unsent_bytes_max: int = 262_144  # what waits for a peer that does not read; beyond: close 1008
    socket_stall_s: float = 2.0  # a peer that takes nothing of what waits for it; beyond: close 1008

    # --- bounded queues: full means 429
    db_jobs_queued_max: int = 8_192
    hash_jobs_queued_max: int = 32
    work_jobs_queued_max: int = 8  # metrics' text and the like
    requests_in_flight_max: int = 4_096
    outbox_batch: int = 128  # facts delivered between two looks at the clock

    # --- matches
    matches_max: int = 10_000  # authoritative ones on a node; beyond: 429
    matches_per_session_max: int = 32  # that one socket is in; beyond: the join is refused
    match_players_max: int = 1_024  # in one match; beyond: the join is refused
    match_messages_queued_max: int = 128  # input of one match between two ticks; beyond: dropped and counted
    match_label_bytes_max: int = 2_048
    match_name_bytes_max: int = 128  # of a named relayed match
    match_data_bytes_max: int = 65_536  # in one message of a handler
    match_spawned_max: int = 16  # coroutines of one match under way; beyond: refused
    match_grace_s: float = 5.0  # for what matches have spawned when the node stops; beyond: cancelled
    match_query_bytes_max: int = 1_024
    match_query_steps_max: int = 100_000  # of a pattern over all labels of a list; beyond: 400
    spectated_matches_max: int = 16  # that operators look into at a time; beyond: the one looked at longest ago is not seen any more
    spectated_messages_max: int = 512  # of one match kept for the next look; beyond: the oldest is forgotten, and the look says so
    spectated_data_bytes_max: int = 1_024  # of one message; the rest is cut off
    spectating_s: float = 10.0  # after the last look; then nothing is kept any more

    # --- sign-in
    signin_failures_per_account: int = 10  # wrong passwords within the window; beyond: 429 until it has passed
    signin_failures_per_address: int = 100
    signin_window_s: float = 60.0
    throttle_entries_max: int = 65_536  # accounts and addresses remembered; beyond: the oldest is forgotten
    device_id_bytes_min: int = 10
    device_id_bytes_max: int = 128
    custom_id_bytes_min: int = 6
    custom_id_bytes_max: int = 128
    email_bytes_min: int = 10
    email_bytes_max: int = 255
    password_bytes_min: int = 8
    password_bytes_max: int = 1_024
    devices_per_account_max: int = 32
    vars_max: int = 64  # session variables; names and values together at most vars_bytes_max
    vars_bytes_max: int = 4_096

    # --- profiles and lists
    username_bytes_max: int = 128
    profile_text_bytes_max: int = 255  # display name, location, time zone
    avatar_url_bytes_max: int = 512
    lang_tag_bytes_max: int = 18
    users_per_request_max: int = 100  # ids and names together
    page_max: int = 100  # objects in one page of a list

    # --- what operators hold against players, and note of them
    sanction_s_max: int = 10 * 365 * 86_400  # how long a ban or mute may last that ends by itself; beyond: 400
    sanction_reason_bytes_max: int = 500
    mutes_max: int = 100_000  # players muted at a time, of all titles; one more: 429
    note_bytes_max: int = 4_000
    export_bytes_max: int = 67_108_864  # of all that is held of one person, in one file; beyond: 400
    reports_per_hour: int = 20  # of one player in a title; one more: 429
    reports_open_max: int = 10_000  # of one title, undecided; one more: 429
    report_words_bytes_max: int = 500

    # --- storage and functions
    storage_batch_max: int = 100  # objects in one read, write or delete
    storage_name_bytes_max: int = 128  # collection, key
    storage_value_bytes_max: int = 262_144
    storage_export_max: int = 1_000  # objects, and bytes of values, in one file of the console; beyond: the next file begins
    storage_export_bytes: int = 4_194_304
    storage_import_max: int = 1_000  # objects in one file that is brought in; beyond: 400
    idempotency_key_bytes_max: int = 128

    # --- chat, notifications, status, streams
    room_name_bytes_max: int = 64
    channel_content_bytes_max: int = 4_096  # of one message
    chat_burst: int = 200  # joins, messages, updates and removals of a session at once; beyond: refused until some time has passed
    chat_per_s: float = 50.0  # what a session gets back of that each second
    presences_listed_max: int = 1_000  # in the reply to a join or follow; beyond: the earliest are listed
    session_streams_max: int = 2_048  # channels joined and people followed by one socket; beyond: refused
    status_bytes_max: int = 2_048
    notification_subject_bytes_max: int = 255
    notification_content_bytes_max: int = 65_536
    notifications_stored_max: int = 1_000  # of one player; beyond: the oldest is forgotten
    notifications_per_request_max: int = 100  # sent or deleted at once
    stream_name_bytes_max: int = 255  # each part of a game's stream
    stream_data_bytes_max: int = 65_536


DEFAULT_LIMITS = Limits()
