"""The load generator behind `supergame bench`: players in a closed loop, what they ask for, and what it cost the machine.

`operations` says what is asked, `load` asks it, `measure` makes a row of figures, `machine` reads clocks and cores, `server` and
`fill` make a server to measure, `report` shows the table. May import anything below `cli`.
"""
