"""The load generator behind `supergame bench relay | authoritative | chat | sockets`: players on real WebSockets.

`frames` makes and reads what travels, `crowd` holds the sockets, `relay`, `authoritative` and `chat` are what players do there, `run`
makes a row of figures of it and finds how many players a core holds, `idle` weighs sockets that do nothing, `report` shows the table.

One thread and no coroutine: at 100,000 deliveries a second a generator in Python has 8 us for each. Frames are therefore made beforehand,
what comes is read in bulk, and of most frames only the head and the kind of message are looked at. Every delivery is counted for each
socket all the same, and at the end each must have got exactly what the others have sent.
"""
