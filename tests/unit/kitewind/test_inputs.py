"""The queue between a player's messages and the motor. Rules: docs/spec/plaza.md."""

from __future__ import annotations

from kitewind.inputs import MAX_CREDIT_TICKS, MAX_LOOP_TICKS, MAX_QUEUED_TICKS, InputQueue
from kitewind.messages import Inputs

LOOP_US = 50_000


def taken(queue: InputQueue, loops: int, elapsed_us: int = LOOP_US) -> list[bytes]:
    return [queue.take(elapsed_us) for _ in range(loops)]


def test_PLAZA6_inputs_are_played_in_order_each_once() -> None:
    queue = InputQueue()
    assert queue.add(Inputs(0, 0, bytes([1, 2, 3])))
    assert queue.add(Inputs(0, 1, bytes([2, 3, 4])))  # two are known
    assert queue.add(Inputs(0, 0, bytes([1])))  # all are known
    assert b"".join(taken(queue, 3)) == bytes([1, 2, 3, 4])
    assert queue.tick == 4


def test_PLAZA6_a_gap_is_refused() -> None:
    queue = InputQueue()
    assert queue.add(Inputs(0, 0, b"\1\1\1"))
    assert not queue.add(Inputs(0, 4, b"\1\1\1"))


def test_PLAZA7_a_client_that_claims_ticks_faster_than_time_gets_no_more_than_time_gives() -> None:
    queue, first, played, refusals = InputQueue(), 0, 0, 0
    loops = 400  # 20 s
    for _ in range(loops):
        if queue.add(Inputs(queue.epoch, first, bytes(9))):  # three times as many as it may
            first += 9
        else:
            refusals += 1
            queue.restart()
            first = queue.tick
        played += len(queue.take(LOOP_US))
    assert played <= 60 * loops // 20 + MAX_CREDIT_TICKS
    assert refusals > 10


def test_PLAZA7_an_honest_client_is_never_refused_also_when_its_messages_bunch() -> None:
    queue, played = InputQueue(), 0
    for loop in range(1_200):
        if loop % 4 == 3:  # four messages at once
            for first in range(3 * (loop - 3), 3 * loop + 1, 3):
                assert queue.add(Inputs(0, first, bytes(3)))
        played += len(queue.take(LOOP_US))
    assert played >= 1_200 * 3 - 2 * MAX_LOOP_TICKS


def test_PLAZA7_two_silent_seconds_are_caught_up_with_a_bounded_number_of_ticks_at_a_time() -> None:
    queue = InputQueue()
    taken(queue, 40)
    assert queue.add(Inputs(0, 0, bytes(MAX_QUEUED_TICKS)))
    played = [len(keys) for keys in taken(queue, 12)]
    assert max(played) == MAX_LOOP_TICKS
    assert sum(played) >= MAX_QUEUED_TICKS - MAX_LOOP_TICKS


def test_PLAZA7_silence_earns_no_more_than_two_seconds() -> None:
    queue = InputQueue()
    taken(queue, 1, 3_600_000_000)
    first = played = 0
    for _ in range(100):
        if queue.add(Inputs(0, first, bytes(12))):
            first += 12
        played += len(queue.take(0))  # no time passes
    assert played == MAX_CREDIT_TICKS


def test_PLAZA7_so_many_may_wait_and_no_more() -> None:
    queue = InputQueue()
    assert queue.add(Inputs(0, 0, bytes(MAX_QUEUED_TICKS)))
    assert not queue.add(Inputs(0, MAX_QUEUED_TICKS, bytes(1)))


def test_PLAZA7_others_see_even_steps_when_messages_come_in_pairs() -> None:
    queue, first, steps = InputQueue(), 0, []
    for loop in range(60):
        for _ in range(2 if loop % 2 else 0):
            assert queue.add(Inputs(0, first, bytes(3)))
            first += 3
        steps.append(len(queue.take(LOOP_US)))
    assert steps[4:] == [3] * 56


def test_PLAZA8_inputs_from_before_a_correction_are_ignored() -> None:
    queue = InputQueue()
    queue.add(Inputs(0, 0, bytes(6)))
    queue.take(LOOP_US)
    queue.restart()
    assert (queue.epoch, queue.tick) == (1, 3)
    assert queue.add(Inputs(0, 6, b"\7\7\7"))
    assert queue.take(LOOP_US) == b""
    assert queue.add(Inputs(1, 3, b"\1\1\1"))
    assert queue.take(LOOP_US) == b"\1\1\1"
